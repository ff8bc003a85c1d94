import { BODY_CALLS } from './body-calls.ts';
import { CONNECTOR_CALLS } from './connector-calls.ts';
import { HTTP_CALLS } from './http-calls.ts';
import { LOGGER_CALLS } from './logger-calls.ts';
import { PLUGIN_CALLS } from './plugin-calls.ts';
import { RECORD_CALLS } from './record-calls.ts';
import type { RestCall } from './rest-call.ts';

/** Played one after another against a worker without connectors. */
export const REST_CALLS: readonly RestCall[] = [
  ...CONNECTOR_CALLS,
  ...HTTP_CALLS,
  ...BODY_CALLS,
  ...PLUGIN_CALLS,
  ...RECORD_CALLS,
  ...LOGGER_CALLS,
];
