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
/** Whoever reads a refusal asks first what became of what already worked. */
const SAFE = '没有保存任何内容，已在用的凭证照常工作。'

export const CorpidUnknown = domainError(
  'corps.corpid_unknown',
  422,
  () => `企业微信不认识这个企业 ID（40013）。请到管理后台「我的企业」页面最下面重新复制，注意不要带空格。${SAFE}`,
)
export const SecretWrong = domainError(
  'corps.secret_wrong',
  422,
  () =>
    `Secret 不对，或者不是这家企业的（40001）。请到管理后台「应用管理 › 本应用」点「查看」，在企业微信里收到后整段复制。${SAFE}`,
)
export const AgentNotOfApp = domainError(
  'corps.agent_not_of_app',
  422,
  () => `AgentId 和 Secret 不是同一个应用的（301002）。请在同一个应用页上复制这两样。${SAFE}`,
)
export const AppDisabled = domainError(
  'corps.app_disabled',
  422,
  () => `这个应用被停用了（50003）。请到管理后台「应用管理 › 本应用」启用它，再试一次。${SAFE}`,
)
export const IpNotTrusted = domainError('corps.ip_not_trusted', 422, (p: { ip: string | undefined }) => {
  const address = p.ip ? `把 ${p.ip}` : '把这台服务器的出口 IP'
  return `企业微信不认识这台服务器（60020）。请到管理后台「应用管理 › 本应用 › 企业可信 IP」，${address} 加进去，等一分钟再试。${SAFE}`
})
export const PermissionMissing = domainError(
  'corps.permission_missing',
  422,
  () =>
    `这个应用没有客户联系的权限（48002）。请到管理后台「客户联系 › 权限配置 › 可调用接口的应用」勾上它，再试一次。${SAFE}`,
)
export const CredentialsRefused = domainError(
  'corps.credentials_refused',
  422,
  (p: { meaning: string; advice: string }) => `企业微信没有接受：${p.meaning}。${p.advice}。${SAFE}`,
)
export const WecomUnreachable = domainError(
  'corps.wecom_unreachable',
  502,
  (p: { reason: string }) =>
    `现在连不上企业微信（${p.reason}）。请检查这台服务器能否访问 qyapi.weixin.qq.com，稍后再试。${SAFE}`,
)
export const WecomSlow = domainError(
  'corps.wecom_timeout',
  502,
  () => `企业微信 6 秒内没有答复。可能是防火墙丢掉了请求，请检查服务器出网的规则，稍后再试。${SAFE}`,
)
export const CertificateRefused = domainError(
  'corps.certificate_refused',
  502,
  () =>
    `对方的证书没有通过检查，所以没有继续。请看看这台服务器的时钟准不准，中间有没有代理换了证书。我们不会跳过这项检查。${SAFE}`,
)
export const DomainProofTaken = domainError(
  'corps.domain_proof_taken',
  409,
  () => '这个校验文件已经由另一家企业用了。请在企业微信后台为这个应用重新下载一个。',
)
export const NothingToReplay = domainError(
  'corps.nothing_to_replay',
  409,
  () => '这件事没有可以重试的动作，或者已经恢复。请刷新看最新状态。',
)
