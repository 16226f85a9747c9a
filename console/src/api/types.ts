import type { paths } from './schema.generated.ts'

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'
type JsonOf<T> = T extends { content: { 'application/json': infer Body } } ? Body : never

/** What a path answers when all is well: `Answer<'/api/home'>`. */
export type Answer<Path extends keyof paths, M extends Method = 'get'> = paths[Path][M] extends { responses: infer R }
  ? { [Status in keyof R]: Status extends 200 | 201 | 202 ? JsonOf<R[Status]> : never }[keyof R]
  : never

/** What a path takes. */
export type Body<Path extends keyof paths, M extends Method> = paths[Path][M] extends { requestBody?: infer B }
  ? JsonOf<NonNullable<B>>
  : never
