import { Fragment } from 'react';
import type { ConfigKeyInfo } from '../../../common/connect/config-infos.ts';

/** Configuration keys by their groups, as their definition has them. */
export function KeyTable({ keys }: { keys: readonly ConfigKeyInfo[] }) {
  const groups = [...new Set(keys.map(({ group }) => group))];
  return (
    <table className="key-table" aria-label="Configuration keys">
      <thead>
        <tr>
          <th className="column-key">Key</th>
          <th className="column-type">Type</th>
          <th className="column-default">Default</th>
          <th className="column-importance">Importance</th>
          <th>What it sets</th>
        </tr>
      </thead>
      <tbody>
        {groups.map((group) => (
          <Fragment key={group ?? ''}>
            {group !== null && groups.length > 1 && (
              <tr className="key-group">
                <th colSpan={5} scope="rowgroup">
                  {group}
                </th>
              </tr>
            )}
            {keys
              .filter((key) => key.group === group)
              .map((key) => (
                <tr key={key.name}>
                  <td>
                    <code>{key.name}</code>
                  </td>
                  <td>{key.type.toLowerCase()}</td>
                  <td>
                    <Default of={key} />
                  </td>
                  <td>{key.importance.toLowerCase()}</td>
                  <td className="second">{key.documentation}</td>
                </tr>
              ))}
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}

function Default({ of: { required, default_value } }: { of: ConfigKeyInfo }) {
  if (required) return <strong className="required">required</strong>;
  return <code className="third">{default_value === null ? 'null' : default_value === '' ? '""' : default_value}</code>;
}
