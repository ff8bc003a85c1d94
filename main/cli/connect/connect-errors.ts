import { ConnectException, type ErrorDetails } from '../../../common/errors.ts';

/** No worker can be reached: nobody listens, the name is unknown, TLS fails. The shell is told so by an exit code of its own. */
export class WorkerUnreachableException extends ConnectException {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: 'WORKER_UNREACHABLE', ...details });
  }
}

/** What a Connect worker answered instead of what was asked for; `message` is its own sentence. */
export class ConnectRestException extends ConnectException {
  readonly status: number;

  constructor(status: number, message: string, details: ErrorDetails = {}) {
    super(message, { code: `HTTP_${status}`, ...details });
    this.status = status;
  }
}

/** The sentence for an error of the socket, and its cure. */
export function unreachable(url: string, error: NodeJS.ErrnoException): WorkerUnreachableException {
  const { host, hostname } = new URL(url);
  const code = error.code ?? '';
  const details = { cause: error, key: url };
  if (code === 'ECONNREFUSED')
    return new WorkerUnreachableException(`No worker answers at ${url} (nothing listens there)`, {
      ...details,
      hint: 'Start Runnel or a worker (runnel connect-standalone), or name another one with --url or RUNNEL_CONNECT_URL.',
    });
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new WorkerUnreachableException(`The host name ${hostname} is not known here`, {
      ...details,
      hint: 'Check --url, or RUNNEL_CONNECT_URL.',
    });
  if (code === 'ETIMEDOUT')
    return new WorkerUnreachableException(`${url} did not answer in time`, {
      ...details,
      hint: 'Give it more with --timeout, or look whether the worker is stuck.',
    });
  if (isCertificateError(code))
    return new WorkerUnreachableException(`The certificate of ${host} is not trusted: ${error.message}`, {
      ...details,
      hint: 'Name the authority that signed it with --cacert.',
    });
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return new WorkerUnreachableException(`The certificate of ${host} is for another name: ${error.message}`, {
      ...details,
      hint: 'Use the name that the certificate carries.',
    });
  if (code.startsWith('ERR_SSL_') || code === 'EPROTO')
    return new WorkerUnreachableException(`TLS with ${host} failed: ${error.message}`, {
      ...details,
      hint: 'Does it speak https at all? If it asks for a certificate, give --cert and --key.',
    });
  if (code.startsWith('HPE_'))
    return new WorkerUnreachableException(`What answers at ${url} does not speak HTTP: ${error.message}`, {
      ...details,
      hint: "Check the port: Kafka's own is not Connect's.",
    });
  if (code === 'ECONNRESET' || code === 'EPIPE')
    return new WorkerUnreachableException(`${url} closed the connection without an answer`, {
      ...details,
      hint: 'Does it speak https, or another protocol? Check --url.',
    });
  return new WorkerUnreachableException(`${url} can't be reached: ${error.message}`, details);
}

function isCertificateError(code: string): boolean {
  return /^(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_)/.test(code);
}
