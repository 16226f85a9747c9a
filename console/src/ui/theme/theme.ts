import { theme as antd, type ThemeConfig } from 'antd'
import tokens from './tokens.json'

export type Shade = 'light' | 'dark'

export const CHART_COLORS = tokens.charts

/** What antd is given: the map is laid over what the algorithm made, else the dark theme comes out duller than drawn. */
export function antdTheme(shade: Shade): ThemeConfig {
  const { token, map, components } = tokens[shade]
  const base = shade === 'dark' ? antd.darkAlgorithm : antd.defaultAlgorithm
  return {
    cssVar: { key: 'siyu' },
    hashed: false,
    token,
    components,
    algorithm: (seed, derived) => ({ ...base(seed, derived), ...map }),
  }
}

/** Puts our own variables (`--s-ink`, `--s-brand-bg` …) on the root element, for what antd has no token for. */
export function paintRoot(shade: Shade): void {
  const { style, dataset } = document.documentElement
  for (const [name, value] of Object.entries(tokens[shade].custom)) style.setProperty(`--s-${name}`, value)
  style.setProperty('--s-font', tokens[shade].token.fontFamily)
  style.setProperty('--s-mono', tokens[shade].token.fontFamilyCode)
  style.setProperty('--s-float', tokens[shade].token.boxShadow)
  style.colorScheme = shade
  style.background = tokens[shade].custom.page
  dataset.shade = shade
}
