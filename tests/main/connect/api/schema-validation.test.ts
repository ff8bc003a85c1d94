import { describe } from 'vitest';
import { expectAsJava } from '../../../kit/connect-oracle/expect-as-java.ts';

describe('values and their schemas', () => expectAsJava('schemas'));
