/** Where a person's picture is. Nicknames may hold half an emoji, which no URL can carry. */
export function avatarUrl(publicUrl: string, name: string): string {
  return `${publicUrl}/avatar/${encodeURIComponent(name.toWellFormed())}.svg`
}
