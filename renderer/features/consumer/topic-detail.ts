import { useEffect, useState } from 'react';
import type { WorkerClient } from '../../../common/contract.ts';
import type { TopicDetail } from '../../../common/kafka/topics.ts';
import type { Connection } from '../../connection.ts';

/**
 * A topic's description, read again every few seconds, each second while `closely`. A failure leaves the last one:
 * the consumer's own stream says what is wrong.
 */
export function useTopicDetail(
  topic: string,
  worker: Connection<WorkerClient>,
  closely: boolean,
): TopicDetail | undefined {
  const [detail, setDetail] = useState<TopicDetail>();
  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = async () => {
      try {
        const next = await worker.current?.describeTopic({ topic }, { signal });
        if (next && !signal.aborted) setDetail(next);
      } catch (error) {
        if (!(error instanceof Error)) throw error;
      }
      if (!signal.aborted) timer = setTimeout(() => void read(), closely ? 1_000 : 5_000);
    };
    void read();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [topic, worker, closely]);
  return detail;
}
