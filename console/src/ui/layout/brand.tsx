/** The mark: a cup of tea with a leaf. */
export function Mark({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="8" fill="var(--s-brand)" />
      <path d="M6.500 15.500h19a9.500 8.300 0 0 1-19 0z" fill="var(--s-on-brand)" />
      <path d="M16 13.800c-.2-4.300 2.100-7 6.400-7.500.4 4.600-2 7.400-6.400 7.500z" fill="var(--s-on-brand)" />
    </svg>
  )
}
