import { z } from 'zod';

// Zod compiles checks with `new Function` unless told otherwise, which the page's policy forbids. Imported first.
z.config({ jitless: true });
