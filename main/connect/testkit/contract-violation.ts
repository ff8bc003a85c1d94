/** A task or plugin does what the worker does not allow, or not what it has to do. */
export class ContractViolation extends Error {
  override readonly name = 'ContractViolation';
}
