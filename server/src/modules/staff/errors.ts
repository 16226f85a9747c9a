import { domainError } from '../../platform/errors.ts'

export const WrongPassword = domainError(
  'staff.wrong_password',
  401,
  () => '登录名或密码不对。成员可以用企业微信扫码登录；忘了管理员密码，请部署这台服务器的人帮忙。',
)
export const SignInLocked = domainError(
  'staff.sign_in_locked',
  429,
  (p: { minutes: number }) => `试错次数太多，为了安全先停 ${p.minutes} 分钟。记不清密码可以用企业微信扫码登录。`,
)
export const ScanRefused = domainError(
  'staff.scan_refused',
  403,
  (p: { reason: string }) => `扫码登录没有成功：${p.reason}`,
)
export const MobileSignInRefused = domainError(
  'staff.mobile_sign_in_refused',
  403,
  (p: { reason: string }) => `没能打开这个页面：${p.reason}`,
)
export const NotInCorp = domainError(
  'staff.not_in_corp',
  404,
  () => '没有找到这家企业，或你不在其中。请联系那家企业的管理员。',
)
export const NoCorpYet = domainError(
  'staff.no_corp_yet',
  409,
  () => '还没有接入企业。先到「企业接入」填上企业微信的信息，接好后就能使用。',
)
export const OwnRole = domainError('staff.own_role', 409, () => '不能改自己的角色，请另一位管理员来改。')
export const NotYoursToGive = domainError(
  'staff.not_yours_to_give',
  403,
  () => '不能给出或收回自己没有的权限。请让权限更高的人来改，比如企业所有者。',
)
export const WiderThanYours = domainError(
  'staff.wider_than_yours',
  403,
  () => '不能让别人看到你自己看不到的客户，也不能放宽角色的可见范围。请让看得到全企业的人来改，比如企业所有者。',
)
export const LastOwner = domainError(
  'staff.last_owner',
  409,
  () => '企业至少要有一位所有者。先把另一位同事设为所有者，再改这一位。',
)
export const MixedDuties = domainError(
  'staff.mixed_duties',
  409,
  () => '能看审计日志的角色，不能同时管成员、角色或企业接入：查的人和管的人要分开。请去掉其中一边。',
)
export const RoleNameTaken = domainError(
  'staff.role_name_taken',
  409,
  (p: { name: string }) => `已经有叫「${p.name}」的角色，请换一个名字。`,
)
export const RoleInUse = domainError(
  'staff.role_in_use',
  409,
  (p: { name: string; members: number }) => `「${p.name}」还有 ${p.members} 位成员在用。先给他们换一个角色，再删除。`,
)
export const UnknownPermission = domainError(
  'staff.unknown_permission',
  400,
  (p: { unknown: string }) => `没有「${p.unknown}」这项权限，请刷新页面后重选。`,
)
export const CodeRequired = domainError(
  'staff.code_required',
  401,
  () => '这个账号开了两步验证。请打开手机上的验证器，填它现在显示的 6 位数字；手机不在身边就填一个恢复码。',
)
export const WrongCode = domainError(
  'staff.wrong_code',
  401,
  () => '验证码不对，或已经用过。等验证器换下一个数字再填；手机时间差得多时请先校准。',
)
export const TotpIsOn = domainError('staff.totp_is_on', 409, () => '两步验证已经开着。要换手机，先关掉再重新开。')
export const TotpNotBegun = domainError(
  'staff.totp_not_begun',
  409,
  () => '请先用手机验证器扫屏幕上的二维码，再填它显示的数字。',
)
export const StepUpRequired = domainError(
  'staff.step_up_required',
  401,
  () => '这一步要紧，请再确认一次是你本人：输入密码，或用企业微信再扫一次。',
)
export const ViewOnly = domainError(
  'staff.view_only',
  403,
  (p: { name: string }) => `你正在以「${p.name}」的身份查看，只能看，不能改，也不能导出。要操作请先退出查看。`,
)
export const NotYoursToSee = domainError(
  'staff.not_yours_to_see',
  403,
  () => '对方能做或能看到的比你多，不能替他查看，也不能结束他的登录。请让企业所有者来做。',
)
export const ThatIsYou = domainError(
  'staff.that_is_you',
  409,
  () => '这就是你自己，看到的已经是你的世界。要结束自己在别处的登录，请到「我的账号」。',
)
export const SecondFactorRequired = domainError(
  'staff.second_factor_required',
  403,
  () => '企业要求你这样的角色开启两步验证。请先到「我的账号」里开启，马上就能继续。',
)
export const OwnFactorFirst = domainError(
  'staff.own_factor_first',
  409,
  () => '请先给你自己的账号开启两步验证，再要求同事开启，否则保存后你自己就进不来了。',
)
export const NoPassword = domainError(
  'staff.no_password',
  409,
  () => '你用企业微信扫码登录，没有密码。请用企业微信再扫一次来确认。',
)
