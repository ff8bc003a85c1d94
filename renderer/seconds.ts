import { useEffect, useState } from 'react';

/** Rises once a second while mounted: numbers that live refresh at that pace. */
export function useSeconds(): number {
  const [second, setSecond] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSecond((before) => before + 1), 1_000);
    return () => clearInterval(timer);
  }, []);
  return second;
}
