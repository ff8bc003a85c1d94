import type { PredicatePlugin } from '../api/plugins.ts';
import { hasHeaderKey } from './has-header-key.ts';
import { recordIsTombstone } from './record-is-tombstone.ts';
import { topicNameMatches } from './topic-name-matches.ts';

export const predicates: readonly PredicatePlugin[] = [hasHeaderKey, recordIsTombstone, topicNameMatches];
