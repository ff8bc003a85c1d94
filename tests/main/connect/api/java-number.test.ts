import { describe } from 'vitest';
import { expectAsJava } from '../../../kit/connect-oracle/expect-as-java.ts';

describe('numbers as text', () => expectAsJava('numbers'));
