/** Vite bundles them; for types they are nothing. */
declare module '*.css';
