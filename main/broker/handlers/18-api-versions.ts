import { type ApiVersionsResponseInput, apiVersions, Errors } from '../../protocol/messages/index.ts';
import { type Handler, handler } from '../server/handler.ts';

/** What is announced is what has a handler. */
export function announced(handlers: Iterable<Handler>): ApiVersionsResponseInput {
  return {
    errorCode: Errors.NONE,
    apiKeys: [...handlers]
      .map(({ api }) => ({ apiKey: api.key, minVersion: api.announced.min, maxVersion: api.announced.max }))
      .sort((a, b) => a.apiKey - b.apiKey),
    supportedFeatures: [
      { name: 'group.version', minVersion: 0, maxVersion: 1 },
      { name: 'transaction.version', minVersion: 0, maxVersion: 2 },
    ],
    finalizedFeaturesEpoch: 0n,
    finalizedFeatures: [
      { name: 'group.version', maxVersionLevel: 1, minVersionLevel: 1 },
      { name: 'transaction.version', maxVersionLevel: 2, minVersionLevel: 2 },
    ],
  };
}

export const apiVersionsHandler = (answer: () => ApiVersionsResponseInput) =>
  handler<typeof apiVersions>({
    api: apiVersions,
    gap: 'Of the features group.version and transaction.version are finalized; those of the controller, of share groups and of Kafka Streams’ own groups are not there.',
    handle(request, { version }) {
      if (version < CLIENT_NAMED_VERSION) return answer();
      const { clientSoftwareName, clientSoftwareVersion } = request;
      if (!isSoftwareWord(clientSoftwareName) || !isSoftwareWord(clientSoftwareVersion)) {
        return { ...answer(), errorCode: Errors.INVALID_REQUEST };
      }
      const all = answer();
      return version >= FEATURES_FROM_ZERO_VERSION
        ? all
        : { ...all, supportedFeatures: all.supportedFeatures?.filter(({ minVersion }) => minVersion > 0) };
    },
  });

const CLIENT_NAMED_VERSION = 3;
/** KIP-584 had no feature that begins at 0: clients of that time refuse it. */
const FEATURES_FROM_ZERO_VERSION = 4;

/** KIP-511: letters, digits, dots and dashes, beginning and ending with a letter or digit. */
function isSoftwareWord(word: string): boolean {
  return /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/.test(word);
}
