import type { ConfigKeys } from '../api/config-def.ts';
import type { ConfigMap } from '../api/connector.ts';
import type { ConverterPlugin, HeaderConverterPlugin } from '../api/plugins.ts';
import { validString } from '../api/validators.ts';

/** The key that every converter has; the worker sets it. Java: `ConverterConfig`. */
export const CONVERTER_TYPE = {
  'converter.type': {
    type: 'STRING',
    validator: validString('key', 'value', 'header'),
    importance: 'LOW',
    doc: 'What the converter is used for; set by the worker.',
  },
} as const satisfies ConfigKeys;

export function withType(config: ConfigMap, isKey: boolean): ConfigMap {
  return { ...config, 'converter.type': isKey ? 'key' : 'value' };
}

/** Every converter of Connect converts headers too, the same way. */
export function asHeaderConverter(plugin: ConverterPlugin): HeaderConverterPlugin {
  return {
    ...plugin,
    kind: 'header_converter',
    create(config) {
      const converter = plugin.create(config, false);
      return {
        fromConnectHeader: (topic, header) => converter.fromConnectData(topic, header.schema, header.value),
        toConnectHeader: (topic, header) => converter.toConnectData(topic, header.value),
      };
    },
  };
}
