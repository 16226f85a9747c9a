export interface Uploaded {
  mediaAssetId: string
  kind: 'image' | 'video' | 'file'
  fileName: string
  mime: string
  sizeBytes: number
}

/** The file itself is the body: the one call the JSON client does not make. Browsers do not know every file’s type; its bytes say it. */
export async function uploadFile(file: File): Promise<Uploaded> {
  const response = await fetch(`/api/media?${new URLSearchParams({ name: file.name.slice(-100) })}`, {
    method: 'POST',
    body: file,
    headers: { 'content-type': TYPES.has(file.type) ? file.type : 'application/octet-stream' },
  })
  const answer: unknown = await response.json()
  if (!response.ok) throw answer
  if (typeof answer !== 'object' || answer === null || !('mediaAssetId' in answer))
    throw new Error('the server answered without a number')
  return answer as Uploaded
}

const TYPES: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'video/mp4', 'application/pdf', 'text/plain'])
