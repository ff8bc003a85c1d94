import type { ConfigInfos } from '../../../common/connect/config-infos.ts';
import { type ConfigDocument, setValue, valueIn } from './config-document.ts';

/**
 * The document as it may leave this machine: the values of PASSWORD keys are read from the environment, by
 * `EnvVarConfigProvider` under the name `env`. What another provider than Runnel's own gives stays.
 */
export function withoutSecrets(document: ConfigDocument, infos: ConfigInfos | undefined): ConfigDocument {
  const secrets = infos?.configs.filter(({ definition }) => definition?.type === 'PASSWORD') ?? [];
  return secrets.reduce((safe, { value: { name } }) => {
    const text = valueIn(safe, name);
    if (text === undefined || text === '' || /^\$\{(?!runnel:)[^}]+\}$/.test(text)) return safe;
    return setValue(safe, name, `\${env:${name.replace(/[^A-Za-z0-9]+/g, '_').toUpperCase()}}`);
  }, document);
}
