import { domainError } from '../../platform/errors.ts'

export const CorpNotConnected = domainError(
  'corps.not_connected',
  409,
  () => '这个企业还没有接好企业微信。请到「设置 › 企业接入」填写企业 ID 和应用 Secret。',
)
export const CorpAlreadyConnected = domainError(
  'corps.already_connected',
  409,
  (p: { name: string }) => `这个企业 ID 已经接入（${p.name}）。请切换到它，或在「企业接入」里更新凭证。`,
)
export const CredentialsRefused = domainError(
  'corps.credentials_refused',
  422,
  (p: { meaning: string; advice: string }) => `企业微信没有接受这组凭证：${p.meaning}。${p.advice}`,
)
export const NothingToReplay = domainError(
  'corps.nothing_to_replay',
  409,
  () => '这件事没有可以重试的动作，或者已经恢复。请刷新看最新状态。',
)
export const WecomUnreachable = domainError(
  'corps.wecom_unreachable',
  502,
  (p: { reason: string }) => `现在连不上企业微信（${p.reason}）。请检查服务器的网络，稍后再试；没有保存任何内容。`,
)
