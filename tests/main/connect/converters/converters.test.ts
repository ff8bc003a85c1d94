import { describe } from 'vitest';
import { expectAsJava } from '../../../kit/connect-oracle/expect-as-java.ts';

describe('converters', () => expectAsJava('converters'));
describe('converters of headers', () => expectAsJava('headers'));
