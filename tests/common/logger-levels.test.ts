import { beforeEach, describe, expect, test } from 'vitest';
import { LoggerLevels } from '../../common/logger-levels.ts';
import { MockTime } from '../kit/mock-time.ts';

const RUNTIME = 'org.apache.kafka.connect.runtime';
let time: MockTime;
let loggers: LoggerLevels;

beforeEach(() => {
  time = new MockTime();
  loggers = new LoggerLevels(time, 'INFO');
  for (const name of ['runtime.WorkerSourceTask', 'runtime.errors.LogReporter', 'test.Source']) loggers.add(name);
});

test('a short name and the name of Kafka’s class are one logger', () => {
  expect(loggers.setLevel(`${RUNTIME}.WorkerSourceTask`, 'DEBUG')).toEqual([`${RUNTIME}.WorkerSourceTask`]);
  expect(loggers.isEnabled('runtime.WorkerSourceTask', 'DEBUG')).toBe(true);
  expect(loggers.level('runtime.WorkerSourceTask')).toEqual(loggers.level(`${RUNTIME}.WorkerSourceTask`));
  expect([...loggers.allLevels().keys()]).toEqual([
    `${RUNTIME}.WorkerSourceTask`,
    `${RUNTIME}.errors.LogReporter`,
    'root',
    'test.Source',
  ]);
});

describe('a level on a namespace holds for all below it', () => {
  test('those that come later included, until they have their own', () => {
    loggers.setLevel(RUNTIME, 'DEBUG');
    loggers.add('runtime.Late');
    expect(loggers.isEnabled('runtime.Late', 'DEBUG')).toBe(true);
    loggers.setLevel('runtime.Late', 'ERROR');
    expect(loggers.isEnabled('runtime.Late', 'WARN')).toBe(false);
    expect(loggers.isEnabled('runtime.WorkerSourceTask', 'DEBUG')).toBe(true);
    expect(loggers.isEnabled('test.Source', 'DEBUG')).toBe(false);
  });

  test('and takes the place of levels that were set below', async () => {
    loggers.setLevel('runtime.errors.LogReporter', 'TRACE');
    await time.advance(5);
    expect(loggers.setLevel(RUNTIME, 'WARN')).toEqual([
      RUNTIME,
      `${RUNTIME}.WorkerSourceTask`,
      `${RUNTIME}.errors.LogReporter`,
    ]);
    expect(loggers.setLevel(RUNTIME, 'WARN')).toEqual([]);
    expect(loggers.level('runtime.errors.LogReporter')).toEqual({ level: 'WARN', last_modified: time.milliseconds() });
  });

  test('root is above all, in any case', () => {
    expect(loggers.setLevel('Root', 'ERROR')).toHaveLength(4);
    expect(loggers.level('ROOT')?.level).toBe('ERROR');
    expect(loggers.isEnabled('nobody.knows', 'WARN')).toBe(false);
  });
});

test('a logger that is off writes nothing and is not listed; one that writes all is', () => {
  loggers.setLevel('test', 'OFF');
  expect(loggers.isEnabled('test.Source', 'ERROR')).toBe(false);
  expect(loggers.allLevels().has('test.Source')).toBe(false);
  expect(loggers.setLevel('test', 'ALL')).toEqual(['test', 'test.Source']);
  expect(loggers.isEnabled('test.Source', 'TRACE')).toBe(true);
});

test('a level of nobody’s makes a logger of that name; names of objects’ own properties are names like others', () => {
  expect(loggers.level('__proto__')).toBeNull();
  expect(loggers.setLevel('__proto__', 'DEBUG')).toEqual(['__proto__']);
  expect(loggers.level('__proto__')?.level).toBe('DEBUG');
  expect(loggers.level('constructor')).toBeNull();
});

test('settings carry all levels to another process', () => {
  loggers.setLevel(RUNTIME, 'DEBUG');
  loggers.setLevel('root', 'WARN');
  loggers.setLevel('runtime.WorkerSourceTask', 'TRACE');
  const other = new LoggerLevels(time, 'INFO');
  other.replaceSettings(loggers.settings());
  for (const name of ['runtime.WorkerSourceTask', 'runtime.Other', 'test.Source'])
    for (const level of ['TRACE', 'DEBUG', 'WARN'] as const)
      expect([name, level, other.isEnabled(name, level)]).toEqual([name, level, loggers.isEnabled(name, level)]);
});
