/** A space between Han and Latin letters or digits, where a name brought its own: 「会员 17」+「的手机」. */
export function spaceHan(text: string): string {
  return text.replace(/(\p{Script=Han})([A-Za-z0-9])/gu, '$1 $2').replace(/([A-Za-z0-9])(\p{Script=Han})/gu, '$1 $2')
}
