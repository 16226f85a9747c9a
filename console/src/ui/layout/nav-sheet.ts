import { createContext } from 'react'

/** Opens the navigation on a phone; every page header has the button. */
export const NavSheetContext = createContext<() => void>(() => {})
