import type { ReactNode } from 'react'

interface IconProps {
  size?: number
}

/** One hand drew them all: 16 units, 1.4 stroke, round ends. */
function drawing(paths: ReactNode) {
  return function Icon({ size = 16 }: IconProps) {
    return (
      <svg
        width={size}
        height={size}
        viewBox="0 0 16 16"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
      >
        {paths}
      </svg>
    )
  }
}

export const CheckIcon = drawing(<path d="m3.5 8.5 3 3 6-7" />)
export const BackIcon = drawing(<path d="M10 3 5 8l5 5" />)
export const CloseIcon = drawing(<path d="m4 4 8 8M12 4l-8 8" />)
export const PlusIcon = drawing(<path d="M8 3.5v9M3.5 8h9" />)
export const OutIcon = drawing(<path d="M6 3.5H3.5v9h9V10M9 3.5h3.5V7M12.5 3.5 7.5 8.5" />)
export const PauseIcon = drawing(<path d="M5.5 4v8M10.5 4v8" />)
export const PlayIcon = drawing(<path d="M5.5 3.8v8.4l6.5-4.2z" />)
export const AgainIcon = drawing(<path d="M12.8 9.5A5 5 0 1 1 12 5.2M12.6 2.6v2.8H9.8" />)
export const SearchIcon = drawing(
  <>
    <circle cx="7" cy="7" r="4" />
    <path d="m10 10 3 3" />
  </>,
)
export const ScanIcon = drawing(<path d="M2.5 5.5v-3h3M10.5 2.5h3v3M13.5 10.5v3h-3M5.5 13.5h-3v-3M4 8h8" />)
export const UnfriendIcon = drawing(
  <>
    <circle cx="6.5" cy="5.5" r="2.5" />
    <path d="M2.5 13c.4-2.4 1.9-3.7 4-3.7 1 0 1.9.3 2.6.9M10.5 12h3.5" />
  </>,
)
export const BulbIcon = drawing(
  <path d="M8 2a4.3 4.3 0 0 0-2.5 7.8c.5.4.7.9.7 1.4h3.6c0-.5.2-1 .7-1.4A4.3 4.3 0 0 0 8 2zM6.5 13.5h3" />,
)
export const PenIcon = drawing(<path d="m10.5 3 2.5 2.5L6 12.5l-3 .5.5-3zM9 4.5 11.5 7" />)
export const PeopleIcon = drawing(
  <>
    <circle cx="6" cy="5.5" r="2.3" />
    <path d="M2 13c.3-2.3 1.8-3.6 4-3.6s3.7 1.3 4 3.6M10.5 3.5a2.2 2.2 0 0 1 0 4.2M12 9.8c1.2.6 1.9 1.7 2 3.2" />
  </>,
)
export const HeartIcon = drawing(
  <path d="M8 13S2.8 9.9 2.8 6.3A2.8 2.8 0 0 1 8 4.9a2.8 2.8 0 0 1 5.2 1.4C13.2 9.9 8 13 8 13z" />,
)
export const HornIcon = drawing(<path d="M3 6.3v3.4h2l5 3V3.3l-5 3zM12.3 6a3 3 0 0 1 0 4" />)
export const RingIcon = drawing(
  <>
    <circle cx="8" cy="8" r="5.3" />
    <path d="M8 2.7 5.6 7M13.2 8.6 8.4 10M4 11.5 7 8" />
  </>,
)
export const BagIcon = drawing(<path d="M3.5 5.5h9l.7 8H2.8zM5.7 7.5V4.8a2.3 2.3 0 0 1 4.6 0v2.7" />)
export const WireIcon = drawing(<path d="M2.5 5.5h10M10 3l2.5 2.5L10 8M13.5 10.5h-10M6 8l-2.5 2.5L6 13" />)

/** The mark of the house: a leaf in a speech bubble. */
export function Logo() {
  return (
    <svg width="28" height="28" viewBox="0 0 28 28" aria-hidden="true">
      <rect width="28" height="28" rx="7" fill="#0F766E" />
      <path
        d="M8.5 7.5h11a2.5 2.5 0 0 1 2.5 2.5v6.5a2.5 2.5 0 0 1-2.5 2.5h-4.7L10.5 22v-3h-2A2.5 2.5 0 0 1 6 16.5V10a2.5 2.5 0 0 1 2.5-2.5z"
        fill="#fff"
      />
      <path d="M10.5 16.2c-.3-3.6 2-6 6.8-6 .2 4.4-1.9 6.7-5.3 6.3l2.6-3.3" fill="#0F766E" />
    </svg>
  )
}

export function StatusIcons() {
  return (
    <svg width="46" height="12" viewBox="0 0 46 12" aria-hidden="true" fill="currentColor">
      <rect x="0" y="7" width="3.5" height="4" rx="1" />
      <rect x="5" y="4" width="3.5" height="7" rx="1" />
      <rect x="10" y="1" width="3.5" height="10" rx="1" />
      <rect x="20.6" y="1.6" width="21" height="9" rx="2.5" fill="none" stroke="currentColor" strokeWidth="1.2" />
      <rect x="22.5" y="3.5" width="14" height="5.2" rx="1.2" />
      <rect x="43" y="4.5" width="1.8" height="3.2" rx=".9" />
    </svg>
  )
}
