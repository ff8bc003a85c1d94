import { CSPProvider } from '@base-ui/react/csp-provider';
import type { ReactNode } from 'react';

/** The page's policy takes style elements with the nonce of its response only; the library's few carry it. */
export function StyleNonce({ children }: { children: ReactNode }) {
  const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce;
  return nonce ? (
    <CSPProvider nonce={nonce}>{children}</CSPProvider>
  ) : (
    <CSPProvider disableStyleElements>{children}</CSPProvider>
  );
}
