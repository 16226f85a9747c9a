import type { ReactNode } from 'react'

const icon = (path: ReactNode, size = 16) => (
  <svg
    width={size}
    height={size}
    viewBox="0 0 16 16"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.5"
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
  >
    {path}
  </svg>
)
export const DownIcon = () => icon(<path d="m4 6 4 4 4-4" />, 14)
export const NextIcon = () => icon(<path d="m6 4 4 4-4 4" />, 14)
export const PlusIcon = () => icon(<path d="M8 3v10M3 8h10" />, 12)
export const CloseIcon = () => icon(<path d="m4 4 8 8M12 4l-8 8" />)
export const TickIcon = () => icon(<path d="m3 8.5 3.2 3.2L13 5" />)
export const PenIcon = () => icon(<path d="M10.5 3.5 12.5 5.5 6 12l-2.5.5L4 10z" />, 14)
export const SearchIcon = () =>
  icon(
    <>
      <circle cx="7" cy="7" r="4.5" />
      <path d="m10.5 10.5 3 3" />
    </>,
    18,
  )
