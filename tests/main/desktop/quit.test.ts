import { expect, test } from 'vitest';
import { Quit } from '../../../main/desktop/quit.ts';
import { silentLogger } from '../../../main/logging.ts';
import { recordingLogger } from '../../kit/recording-logger.ts';

function quit({ ask = true, logger = silentLogger }: { ask?: boolean; logger?: typeof silentLogger } = {}) {
  const stopping = Promise.withResolvers<void>();
  const log: string[] = [];
  const quitting = new Quit({
    shouldAsk: () => ask,
    stop() {
      log.push('stop');
      return stopping.promise;
    },
    exit: () => log.push('exit'),
    logger,
  });
  return { quitting, log, stopping };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

test('the page is asked first, and everything is closed before the program ends', async () => {
  const { quitting, log, stopping } = quit();
  const asked: boolean[] = [];
  quitting.onRequest((requested) => asked.push(requested));
  quitting.request();
  expect(asked).toEqual([false, true]);
  expect(log).toEqual([]);
  quitting.confirm();
  await settle();
  expect(log).toEqual(['stop']);
  expect(quitting.stopped).toBe(false);
  stopping.resolve();
  await settle();
  expect(log).toEqual(['stop', 'exit']);
  expect(quitting.stopped).toBe(true);
  expect(asked).toEqual([false, true, false]);
});

test('a person who stays can be asked again', () => {
  const { quitting, log } = quit();
  const asked: boolean[] = [];
  quitting.onRequest((requested) => asked.push(requested));
  quitting.request();
  quitting.cancel();
  quitting.request();
  expect(asked).toEqual([false, true, false, true]);
  expect(log).toEqual([]);
});

test('a second wish is the answer to a question that nobody answers', () => {
  const { quitting, log } = quit();
  quitting.onRequest(() => {});
  quitting.request();
  quitting.request();
  expect(log).toEqual(['stop']);
});

test.each([
  ['nobody can be asked', true, false],
  ['the person does not want to be asked', false, true],
])('nothing is asked when %s', (_, ask, listens) => {
  const { quitting, log } = quit({ ask });
  if (listens) quitting.onRequest(() => {});
  quitting.request();
  expect(log).toEqual(['stop']);
});

test('it is done once, and a failure to close is told and does not keep the program open', async () => {
  const { logger, lines } = recordingLogger();
  const { quitting, log, stopping } = quit({ logger });
  quitting.confirm();
  quitting.confirm();
  quitting.request();
  stopping.reject(new Error('the store could not be closed'));
  await settle();
  expect(log).toEqual(['stop', 'exit']);
  expect(lines).toEqual(['ERROR Not everything could be closed cleanly']);
});
