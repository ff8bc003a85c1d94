import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../renderer/features/consumer/consumer-settings.ts';
import {
  activeTab,
  changeSettings,
  closeTab,
  FIRST_TABS,
  showPipelines,
  showTopic,
  stepTab,
  type TabList,
  tabsFromJson,
  tabsToJson,
} from '../../../renderer/shell/tab-list.ts';

const three = ['a', 'b'].reduce((list, topic) => showTopic(list, topic, `id-${topic}`), FIRST_TABS);
const ids = ({ tabs }: TabList) => tabs.map(({ id }) => id);

describe('tabs', () => {
  test('a topic gets one tab, another only with settings of its own', () => {
    expect(ids(three)).toEqual(['pipelines', 'id-a', 'id-b']);
    expect(showTopic(three, 'a', 'new')).toEqual({ ...three, active: 'id-a' });
    const second = showTopic(three, 'a', 'new', { start: { type: 'beginning' } });
    expect(activeTab(second)).toMatchObject({ id: 'new', topic: 'a', settings: { start: { type: 'beginning' } } });
  });

  test('closing shows the neighbour, and after the last one the pipelines', () => {
    expect(closeTab(three, 'id-b').active).toBe('id-a');
    expect(closeTab({ ...three, active: 'id-a' }, 'id-a').active).toBe('id-b');
    expect(closeTab(three, 'pipelines').active).toBe('id-b');
    expect(closeTab(closeTab(closeTab(three, 'id-a'), 'id-b'), 'pipelines')).toEqual(FIRST_TABS);
    expect(ids(showPipelines(closeTab(three, 'pipelines')))).toEqual(['pipelines', 'id-a', 'id-b']);
  });

  test('steps around both ends', () => {
    expect(stepTab(three, 1).active).toBe('pipelines');
    expect(stepTab({ ...three, active: 'pipelines' }, -1).active).toBe('id-b');
  });

  test('come back from JSON with offsets beyond 2^53', () => {
    const list = changeSettings(three, 'id-a', {
      ...DEFAULT_SETTINGS,
      start: { type: 'offset', offset: 9_223_372_036_854_775_807n },
      partitions: [0, 2],
      filter: { text: '/x/i', matchCase: true },
      keep: 50_000,
      valueFormat: 'long',
    });
    expect(tabsFromJson(JSON.parse(JSON.stringify(tabsToJson(list))))).toEqual(list);
  });

  test('leave out what another version or a hand wrote', () => {
    expect(tabsFromJson(null)).toEqual(FIRST_TABS);
    expect(tabsFromJson({ tabs: 'x' })).toEqual(FIRST_TABS);
    expect(
      tabsFromJson({
        active: 'gone',
        tabs: [
          { id: 'x', kind: 'lesson' },
          {
            id: 'y',
            kind: 'consumer',
            topic: 'a',
            settings: { keep: -1, start: { type: 'offset', offset: '-5' }, partitions: [-1] },
          },
        ],
      }),
    ).toEqual({ active: 'y', tabs: [{ id: 'y', kind: 'consumer', topic: 'a', settings: DEFAULT_SETTINGS }] });
  });
});
