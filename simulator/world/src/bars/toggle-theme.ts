/** The theme stands on the root element since before the first paint; index.html reads this key. */
export function toggleTheme(): void {
  const { dataset } = document.documentElement
  dataset.theme = dataset.theme === 'dark' ? 'light' : 'dark'
  localStorage.setItem('siyu-world:theme', dataset.theme)
}
