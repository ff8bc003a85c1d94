/** The one inner part of kafkajs that is touched, as 2.2.4 has it. */
declare module 'kafkajs/src/network/requestQueue/index.js' {
  const RequestQueue: {
    prototype: { pending: unknown[]; throttledUntil: number; scheduleCheckPendingRequests(): void };
  };
  export default RequestQueue;
}
