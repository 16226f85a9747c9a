import { domainError } from '../../platform/errors.ts'

export const SegmentNameTaken = domainError(
  'segments.name_taken',
  409,
  (p: { name: string }) => `人群“${p.name}”已存在，请换一个名称。`,
)
export const TooManySegments = domainError(
  'segments.too_many',
  409,
  (p: { most: number }) => `最多可以有 ${p.most} 个人群。请先停用不再用的，再新建。`,
)
export const SegmentNeedsWholeCorp = domainError(
  'segments.needs_whole_corp',
  403,
  () => '人群规则会用到全公司客户的数据，你的账号只能看到一部分客户。请管理员来建，建好后你能看到其中属于你的客户。',
)
export const RuleRefersToMissing = domainError(
  'segments.refers_to_missing',
  422,
  (p: { what: string }) => `规则里有已经不存在的${p.what}，请打开规则重新选择。`,
)
export const SegmentRefersToItself = domainError(
  'segments.refers_to_itself',
  422,
  (p: { name: string }) => `这条规则经过人群“${p.name}”又用到了它自己，请去掉其中一处。`,
)
export const SegmentInUse = domainError(
  'segments.in_use',
  409,
  (p: { names: string }) => `${p.names}的规则里用到了这个人群，请先改那些规则，再停用它。`,
)
export const PreviewTookTooLong = domainError(
  'segments.preview_too_long',
  503,
  () => '这条规则要从头统计大量行为，一时算不完。可以先缩短时间范围，或者直接保存：保存后会在后台统计，进度看得见。',
)
export const AutoTagExists = domainError(
  'segments.auto_tag_exists',
  409,
  (p: { name: string }) =>
    `标签「${p.name}」已经有自动规则了，请直接改那一条；几种情况都要打，用「满足任一」放在一条里。`,
)
export const AutoTagsLoop = domainError(
  'segments.auto_tag_loop',
  422,
  (p: { path: string }) => `规则绕成了一圈：${p.path}，标签会反复打上又取下。请在其中一条规则里去掉看标签的那个条件。`,
)
export const AutoTagOrderOutdated = domainError(
  'segments.auto_tag_order_outdated',
  409,
  () => '这一组的自动规则刚刚有变动，请刷新后再调整顺序。',
)
export const AutoTagNeedsTagsWrite = domainError(
  'segments.auto_tag_needs_tags_write',
  403,
  () => '自动标签会改动标签，你的角色不能管理标签。请管理员给你的角色加上「管理标签」，或请他来建。',
)
export const AutoTagUntrusted = domainError(
  'segments.auto_tag_untrusted',
  422,
  (p: { name: string }) =>
    `「${p.name}」的规则（或它用到的人群）把未经证实的网页行为也算进去了，谁都可以冒充。标签会同步到企业微信，请只算经过证实的行为。`,
)
export const RfmBoxMissing = domainError(
  'segments.rfm_box_missing',
  422,
  (p: { boxes: string; more: number }) =>
    `还有客户不在任何一格里：${p.boxes}${p.more > 0 ? `，以及另外 ${p.more} 处` : ''}。请把它们划进某一格。`,
)
export const RfmBoxTwice = domainError(
  'segments.rfm_box_twice',
  422,
  (p: { names: string; box: string }) => `${p.names}都包含了 ${p.box}。一位客户只能在一格里，请把其中一格改小。`,
)
export const RfmNameTwice = domainError(
  'segments.rfm_name_twice',
  422,
  (p: { name: string }) => `有两格都叫“${p.name}”，请给其中一格换个名字。`,
)
export const RfmCellGone = domainError(
  'segments.rfm_cell_gone',
  409,
  () => 'RFM 模型刚刚被别人改过，请刷新后再改一次。',
)
export const RfmNobodyBought = domainError(
  'segments.rfm_nobody_bought',
  409,
  () => '还没有一笔付过款的订单，分不出五等份。请先导入或接入订单，或者自己定分界。',
)
export const RfmNotBegun = domainError('segments.rfm_not_begun', 409, () => '还没有 RFM 模型，请先保存一个模型。')
