/** Every word of the console. `en.ts` must have the same keys: a missing one does not compile. */
export const zh = {
  nav: {
    open: '打开导航', skip: '跳到正文', label: '主导航', home: '首页', acquire: '引流获客', channels: '渠道活码', contacts: '客户', allContacts: '客户列表', tags: '标签',
    settings: '设置', health: '接入体检', corp: '企业接入', staff: '成员', audit: '操作记录', world: '模拟世界', problems_other: '{{count}} 处需要看看',
  },
  account: {
    menu: '账号与外观', switchCorp: '切换企业', shade: '外观', system: '跟随系统', light: '浅色', dark: '深色', language: '语言', signOut: '退出登录', simulated: '模拟企业', people: '{{corps}} 家企业',
    role: { admin: '企业管理员', operator: '运营', manager: '主管', staff: '成员', compliance: '合规' },
  },
  actions: {
    close: '关闭', copy: '复制', copied: '已复制', copyByHand: '请手动选中复制', cancel: '取消', save: '保存', edit: '编辑', remove: '去掉', add: '添加', back: '返回', more: '更多', expand: '在整页打开', showAll: '全部', seeThem: '看这些人',
  },
  list: { previous: '上一页', next: '下一页', stepUp: '上一位', stepDown: '下一位' },
  chart: { asTable: '换成表格看', when: '时间' },
  filters: { find: '找一找', nothing: '没有匹配的', clearOne: '清除「{{label}}」', clearAll: '全部清除', search: '搜索' },
  states: {
    loading: '正在加载', retry: '再试一次', errorTitle: '{{what}}没能显示出来', offlineTitle: '连不上服务器', offlineWhy: '请检查网络，或看看服务器是否还在运行。',
    unknownWhy: '服务器没有说明原因。', safe: '别的页面不受影响，数据都在。', notFoundTitle: '没有这一页', notFoundWhy: '地址可能写错了，或者东西已经被删除。', goHome: '回首页',
    noAccess: '你没有权限看这里', noAccessWhy: '需要的话，请企业管理员给你开通。',
    brokenTitle: '这一页出错了', brokenWhy: '别的页面不受影响，数据都在。刷新一次通常就好。', reload: '刷新页面',
  },
  signIn: {
    title: '登录', lead: '赢得、了解、服务并留住你的客户', scan: '企业微信扫码登录', scanIn: '用「{{corp}}」扫码登录', more: '其他企业', byPassword: '管理员密码登录', or: '或', login: '登录名', password: '密码', submit: '登录',
    needLogin: '请填登录名', needPassword: '请填密码', demo: '这是演示环境。扫码会打开模拟的企业微信，选一位成员就能进来，不需要手机。', demoPassword: '管理员密码印在启动终端里。', noCorp: '还没有接入企业。先用管理员密码登录，再到「企业接入」填上企业微信的信息。',
    failedTitle: '没能登录', points: { live: '扫码、加好友、打标签，一秒内出现在眼前', why: '每个数字都能点到人，每个标签都说得出来历', own: '装在自己的服务器上，数据不出门' },
  },
  home: {
    title: '首页', until: '截至 {{time}}，对比昨天同一时刻', healthTitle: '接入体检', allGood: '各路正常', goFix: '去修复', look: '去看看',
    laneBroken: '{{lane}}中断', laneSlow: '{{lane}}变慢', waiting: '{{n}} 条在排队，没有丢', netTitle: '今日净增', netWhat: '新加 − 流失', addedTitle: '新加好友', addedWhat: '今天加上的', lostTitle: '流失', lostWhat: '今天断开的', welcomeTitle: '欢迎语', welcomeWhat: '今天发出的',
    contacts: '在册客户', contactsUnit: '位', vsYesterday: '昨天此时 {{n}}', people: '{{n}} 位', seeAdded: '看新加的客户', seeLost: '看流失的客户', seeAll: '看全部客户',
    lostRateWhy: '约占新加的 {{rate}}', lostNone: '今天还没有人离开', addedBestHour: '{{hour}} 点最多，加了 {{n}} 位', addedNone: '今天还没有新好友', addedTopCode: '主要来自',
    welcomeMedian: '一半在 {{span}}内送达', welcomeMissed_other: '{{count}} 位没赶上或没发成', welcomeSee: '看欢迎语', welcomeNone: '今天还没有需要发的', noneMissed: '没有一位漏掉', count: '{{n}} 次',
    hours: '今天每小时新加', hoursSays: '今天到现在新加 {{today}} 位，昨天同一时刻 {{yesterday}} 位', today: '今天', yesterday: '昨天', days: '近 14 天', daysSays: '近 14 天共新加 {{added}} 位，流失 {{lost}} 位', added: '新加', lost: '流失',
    codes: '今日活码', codesSub: '按新加排', codesNone: '今天还没有活码带来新好友', codesNoneWhy: '把活码贴到收银台、包裹卡或推文里，扫了就会出现在这里。', toCodes: '去看活码', staff: '今日接待', staffSub: '按新加排', staffNone: '今天还没有成员加上新好友', feed: '正在发生', live: '实时', lost_stream: '重新连接中',
    feedNone: '还没有动静', feedNoneWhy: '客户加好友、打标签、扫码，都会在发生的那一秒出现在这里。', openWorld: '去模拟世界扫个码试试', losses: '流失 {{n}}', feedMore: '更早的',
    feedSays_other: '刚刚发生 {{count}} 件事',
  },
  events: {
    added: '<who/> 加了 <staff/>', half_added: '<who/> 想加 <staff/>，还没通过', lost_customer: '<who/> 删除了 <staff/>', lost_staff: '<staff/> 删除了 <who/>', lost_transfer: '<who/> 从 <staff/> 那里转走了', lost_unknown: '<who/> 和 <staff/> 断开了',
    edited: '<staff/> 改了 <who/> 的资料', welcome_sent: '<who/> 收到欢迎语', welcome_failed: '<who/> 没收到欢迎语', tag_added: '<who/> 打上「{{tag}}」', tag_removed: '<who/> 去掉「{{tag}}」', scanned: '<who/> 扫了「{{code}}」', moved: '<who/> 换了接待成员', other: '<who/> {{kind}}',
    self: {
      added: '加了 <staff/>', half_added: '想加 <staff/>，还没通过', lost_customer: '删除了 <staff/>', lost_staff: '被 <staff/> 删除', lost_transfer: '从 <staff/> 那里转走了', lost_unknown: '和 <staff/> 断开了',
      edited: '<staff/> 改了资料', welcome_sent: '收到欢迎语', welcome_failed: '没收到欢迎语', tag_added: '打上「{{tag}}」', tag_removed: '去掉「{{tag}}」', scanned: '扫了「{{code}}」', moved: '换了接待成员', other: '{{kind}}',
    },
    why: {
      way: '来自{{way}}', stopped: '他不会再收到消息', sentIn: '{{span}}送达', late: '超过 18 秒，没有再发', taken: '别的应用已经发过', unsure: '没等到回音，为不打扰没有重发', refused: '企业微信没有收下（{{cause}}）', remark: '备注「{{from}}」改成「{{to}}」', remarkSet: '备注「{{to}}」', remarkGone: '去掉备注「{{from}}」', description: '描述改了', by: '{{by}} 手动', byHand: '成员手动', byRule: '规则自动', byCode: '扫「{{code}}」自动', byWecom: '从企业微信同步', bySelf: '客户自己说的',
    },
    nobody: '成员',
    short: { added: '加好友', half_added: '想加好友', lost: '断开', edited: '改资料', welcome_sent: '欢迎语', welcome_failed: '欢迎语没到', tag_added: '打标签', tag_removed: '去标签', scanned: '扫码', moved: '换成员', other: '动静' },
  },
  addWay: {
    unknown: '未知来源', scan: '扫二维码', phone: '搜手机号', card: '名片分享', chat: '群聊', contacts: '手机通讯录', wechat: '微信联系人', tool: '第三方应用自动添加', email: '搜邮箱', video: '视频号', event: '日程参与人', meeting: '会议参与人', friend: '添加微信好友对应的企业微信', service: '智慧硬件客服', door: '上门服务', link: '获客链接', dev: '定制开发', demand: '需求回复', presale: '售前客服', company: '可能的商务伙伴', wxad: '接受微信账号收到的好友申请', internal: '内部成员共享', staff: '管理员或负责人分配',
  },
  contacts: {
    title: '客户', total: '{{n}} 位', totalFloor: '{{n}} 位以上', search: '姓名、备注', view: { following: '在册', lost: '已流失', all: '全部' }, tag: '标签', staff: '跟进', added: '添加时间', channel: '渠道',
    column: { name: '客户', tags: '标签', staff: '跟进', channel: '来源', last: '最近动态', added: '添加时间', lost: '流失时间' }, emptyTitle: '还没有客户', emptyWhy: '客户加上成员后会自己出现。先建一个活码贴出去，或到「接入体检」同步一次已有的客户。', toChannels: '建一个活码', toHealth: '去同步客户',
    noneTitle: '没有符合的客户', noneWhy: '去掉一个条件试试。', noneSearchWhy: '没有叫「{{q}}」的客户，备注里也没有。', clear: '清除筛选', list: '客户列表', noEvent: '还没有动静', fromDay: '从', toDay: '到', preset: { today: '今天', week: '近 7 天', month: '近 30 天' }, apply: '确定', dayRange: '{{from}} 至 {{to}}', dayFrom: '{{from}} 起', dayTo: '{{to}} 以前', lostMark: '已流失', more: '等 {{n}} 人', company: '企业微信', lostNone: '没有流失的客户', lostNoneWhy: '客户和最后一位成员断开后，会到这里来。资料和动态都留着。',
    position: '第 {{n}} 位', positionOf: '第 {{n}} 位，共 {{total}}', wechat: '@微信', gender: { male: '男', female: '女' }, followedBy: '由 <staff/> 跟进 {{days}} 天', nobody: '现在没有成员跟进', lostSince: '{{when}} 断开', mobile: '手机', externalId: '客户 ID', unionid: '开放平台', unionidKnown: '已打通', fact: { followers: '跟进成员', first: '第一次添加', last: '最近添加', source: '来源', tags: '标签' },
    followersUnit_other: '{{count}} 位', tagsUnit_other: '{{count}} 个', ofLost_other: '另有 {{count}} 位已断开', notes: '成员眼里的他', remark: '备注', description: '描述', noNotes: '还没有备注和描述。成员在企业微信里写了，这里就会有。', way: '怎么加的', through: '来自活码', tabs: { timeline: '动态', follows: '跟进关系' }, tagsTitle: '标签', noTags: '还没有标签。', addTag: '标签', left: '已离职', since: '{{day}} 加上', until: '{{day}} 断开', lostBy: { customer: '客户删除', staff: '成员删除', transfer: '转给同事', unknown: '原因未知' },
    timelineNone: '还没有动静', timelineNoneWhy: '加好友、欢迎语、标签，他的每一件事都会按时间记在这里。', earlier: '看更早的', noTagsInLibrary: '标签库还是空的，先到「标签」页建几个。', tagSaved: '已打上「{{name}}」', tagRemoved: '已去掉「{{name}}」', allFollowers: '打给每位跟进他的成员',
  },
  tags: {
    title: '标签', meta: '{{groups}} 组，{{tags}} 个', source: { staff: '成员手打', rule: '规则自动', wecom: '企微同步', self: '客户自述' }, newGroup: '新建标签组', groupName: '组名', tagNames: '标签', tagNamesHint: '一行一个，最多 30 个字。企业微信不认空的组，至少写一个。', create: '创建', newTag: '加一个标签', rename: '改名', up: '上移', down: '下移', groupUp: '组上移', groupDown: '组下移', deleteTag: '删除标签', deleteGroup: '删除整组',
    deleteTagTitle: '删除「{{name}}」？', deleteTagWhy: '会从 {{n}} 位客户身上去掉，企业微信里也会一起删除。删了不能找回。', deleteTagNobody: '还没有客户用它。企业微信里也会一起删除。', deleteGroupTitle: '删除「{{name}}」和里面的 {{tags}} 个标签？', deleteGroupWhy: '会从 {{n}} 人次客户身上去掉，企业微信里也会一起删除。删了不能找回。', keep: '先不删', contacts: '{{n}} 位', onWay: '等待写到企业微信', allIn: '已和企业微信一致', pairsWaiting: '{{n}} 处客户标签在写回企业微信', tagsWaiting_other: '{{count}} 个标签还没写到企业微信', sync: '和企业微信同步', syncStarted: '正在同步标签库，几秒后就好', emptyTitle: '还没有标签', emptyWhy: '标签把相似的客户放到一起：口味、门店、会员等级。企业微信里已有的，同步一次就会出现。', find: '找标签', none: '没有叫「{{q}}」的标签',
    explain: { who: '谁打的', when: '什么时候', why: '因为', group: '在哪一组', state: '企业微信', inWecom: '已写入', waiting: '正在写入', byStaff: '{{by}} 手动', byStaffUnknown: '成员手动', rule: '规则自动', code: '扫了「{{code}}」', wecom: '从企业微信同步来的', self: '客户自己说的', remove: '给他去掉', staff: '在谁那里' }, order: '拖动或用箭头调整顺序', tooLong: '最多 30 个字', needName: '请写名字', needTags: '至少写一个标签', used: '用在 {{n}} 位客户身上', unused: '还没用过', nobodyYet: '还没有人用',
  },
  channels: {
    title: '渠道活码', create: '新建活码', meta: '{{n}} 个', view: { active: '启用中', archived: '已归档' }, search: '活码名字', column: { name: '活码', staff: '接待成员', tags: '打标签', scans: '扫码', adds: '添加', losses: '流失', net: '净增', trend: '近 14 天', status: '状态' }, last7: '近 7 天', list: '活码列表', emptyTitle: '还没有活码', emptyWhy: '先给一家店建一个，贴在收银台，当天就能看到谁扫了。', first: '建第一个活码', archivedNone: '没有归档的活码', archivedNoneWhy: '不用的活码可以归档：不再出现在列表里，印出去的照样能扫。', noneTitle: '没有叫「{{q}}」的活码', clear: '清除搜索',
    status: { creating: '生成中', ready: '启用中', failed: '没生成', archived: '已归档' }, updating: '改动写入中', failedWhy: '企业微信没有收下', toHealth: '看原因', trendSays: '近 14 天每天添加：{{values}}', noScan: '直达码不计扫码', defaultWelcome: '默认欢迎语',
    after: '扫码以后', verify: '通过', verifyAuto: '自动通过，不用成员点', verifyHand: '成员点通过才加上', assign: '分给', assignOne: '{{name}}', assignMany_other: '{{count}} 位成员轮流，由企业微信分配', tags: '打标签', noTags: '不打标签', remark: '备注', noRemark: '不改备注', welcome: '欢迎语', welcomeDefault: '用默认欢迎语', welcomeDefaultNone: '用默认欢迎语，但它还没写', welcomeNone: '不发欢迎语', editDefault: '去写', created: '创建', createdBy: '{{name}}，{{when}}', changed: '最近改动', attachments_other: '还有 {{count}} 个附件',
    qr: { direct: '直达码', landing: '计数码', png: 'PNG', svg: 'SVG 印刷用', logo: '带标志', plain: '不带标志', link: '复制链接', notReady: '企业微信还没给出二维码，通常几秒就好。', failed: '企业微信没有收下这个活码。', alt: '「{{name}}」的二维码', download: '下载', variant: '选哪种码', withLogo: '二维码中间带标志' },
    period: { week: '近 7 天', month: '近 30 天', quarter: '近 90 天' }, funnel: '从扫码到留下', funnelStep: { scans: '扫码', adds: '添加', kept: '还是好友' }, funnelLost: { adds: '{{n}} 位扫了没加', kept: '{{n}} 位已离开' }, funnelNoScan: '直达码扫了多少次，企业微信不告诉任何人。要算扫码，请用计数码。', moreAdds: '直达码也带来了添加', seePeople: '看这些人', daily: '每天', dailySays: '{{from}} 至 {{to}} 共扫码 {{scans}} 次，添加 {{adds}} 位，流失 {{losses}} 位', byStaff: '谁接待的', byStaffNone: '这段时间还没有人加上。', staffName: '成员', share: '占比', compare: '对比前 {{days}} 天', totals: { scans: '扫码', adds: '添加', losses: '流失', net: '净增' },
    edit: '编辑活码', archive: '归档', restore: '恢复', archiveTitle: '归档「{{name}}」？', archiveWhy: '它会从列表里收起来，数据都留着。已经印出去的码照样能扫、照样打标签和发欢迎语。', keep: '先不归档', archived: '已归档「{{name}}」', restored: '已恢复「{{name}}」',
    form: {
      newTitle: '新建活码', editTitle: '编辑活码', name: '名字', namePlaceholder: '静安寺店 · 收银台', nameHint: '写摆在哪里，自己人一看就懂。客户看不到。', staff: '接待成员', staffHint: '几位时由企业微信轮流分配。以后换人，码不变。', staffPlaceholder: '选一位或几位', noStaff: '没有可以接待的成员。请在企业微信给他们开通「客户联系」，再同步一次。', tags: '加上就打的标签', tagsPlaceholder: '可以不选', remark: '给客户的备注', remarkPlaceholder: '{客户昵称}-静安', remarkHint: '写到成员的企业微信里，最长 20 个字，超出的截掉。', verify: '添加方式', verifyAuto: '自动通过', verifyHand: '成员确认', verifyHint: '自动通过时客户扫了就加上，不用等。', welcome: '欢迎语', welcomeMode: { own: '这个码自己的', default: '用默认的' }, text: '文字', textPlaceholder: '你好呀，我是{成员姓名}。今天想喝清爽的还是醇厚的？', insert: '插入', bytes: '{{used}} / 4,000 字节', attachments: '附件', attachmentsHint: '最多 9 个，按顺序发。', image: '图片', link: '链接', mini: '小程序', upload: '选一张图', uploading: '正在上传', imageHint: 'JPG 或 PNG，10 MB 以内', linkTitle: '标题', linkUrl: '网址', linkDesc: '描述', linkPicture: '封面图网址', miniTitle: '标题', miniAppid: '小程序 AppID', miniPage: '页面路径', miniCover: '封面图', removeAttachment: '去掉这个附件', moveUp: '上移', save: '保存', create: '创建活码', creating: '正在创建', saved: '已保存，新的设置几秒后写到企业微信', created: '活码已创建，二维码几秒后就好', preview: '客户会看到', previewNick: '晓棠', previewEmpty: '欢迎语写在左边，这里就是客户看到的样子。', leave: '还没保存，要离开吗？', needName: '请写名字', needStaff: '请至少选一位成员', needWelcome: '写一句话，或加一个附件', unknownVariable: '「{{names}}」不是可用的变量，客户会原样看到', friend: '我通过了你的朋友验证请求，现在我们可以开始聊天了', miniProgram: '小程序', tooLong: '太长了，最多约 1,333 个汉字', needUrl: '请写 http 或 https 开头的网址', needTitle: '请写标题', needAppid: '形如 wx 开头的一串', needImage: '请选图片', needPage: '请写页面路径',
    },
    welcomeTitle: '默认欢迎语', welcomeMeta: '没有自己欢迎语的活码，和没走活码的新好友，都发这一条', welcomeOn: '发', welcomeOff: '暂时不发', welcomeOffWhy: '没有自己欢迎语的活码，加上好友后不会自动打招呼。', welcomeSaved: '已保存，下一位新好友就会收到', welcomeStats: '近 7 天发出 {{sent}} 次，没成 {{failed}} 次', welcomeMedian: '一半在 {{span}}内送达', welcomeRule: '企业微信只给 20 秒，而且只能发一次。我们在 18 秒内发，绝不补发、绝不重发。',
  },
  health: {
    title: '接入体检', state: { ok: '正常', slow: '变慢', broken: '中断', idle: '未接入' }, lane: { callbacks: '客户联系回调', welcome: '欢迎语', customers: '客户同步', address_book: '通讯录', tags: '标签', channel_codes: '渠道活码', tokens: '访问凭证' }, laneWhat: { callbacks: '加好友、删好友、改备注', welcome: '加好友后的第一句', customers: '资料和关系', address_book: '成员和部门', tags: '标签库和打标签', channel_codes: '新建和修改', tokens: '访问企业微信的钥匙' },
    checked: '每 30 秒自动检查 · {{when}}查过', recheck: '全部重查', rechecked: '查过了', summary: { broken: '路中断', slow: '路变慢', ok: '路正常', idle: '路未接入', waiting: '条在排队', waitingWhy: '修好后按原来的顺序补上，一条不丢', waitingNone: '没有积压' },
    column: { lane: '通道', state: '状态', success: '最近成功', lag: '延迟', day: '过去 24 小时', waiting: '等待补上' }, list: '各路状态', never: '还没有过', ticksSays: '过去 24 小时：{{failed}} 段中断，{{slow}} 段变慢', waitingCount: '{{n}} 条', waitingFloor: '{{n}} 条以上',
    recent: '最近发生过', recentNone: '最近 30 天没有出过问题', stillBroken: '还没好', resolvedIn: '{{span}}后好了', times: '{{n}} 次', affects: '影响', safe: '不受影响', since: '从', fixed: '好了', steps: '怎么修', replay: '再处理一次', replayed: '已重新处理，结果马上出现', check: '重新检查', noReplay: '这件事不能重来，按上面的步骤处理', technical: '给技术同事看的', copyAll: '复制全部，发给技术同事', cause: '原因代号', subject: '对象', firstAt: '第一次', lastAt: '最近一次', tried: '发生', laneFine: '这一路没有问题', laneFineWhy: '最近都成功。出了问题，这里会说发生了什么、影响什么、怎么修。', laneIdle: '这一路还没用过', laneIdleWhy: '第一次用到时会自己变成「正常」。', otherFailures: '这一路的其他问题', moreOpen_other: '这一路还有 {{count}} 件', act: '你没有操作权限，请企业管理员来点',
    sync: '客户同步', syncRunning: '正在同步', syncStart: '立即同步', syncCancel: '停下来', syncLeave: '可以先去忙，断了会从停下的地方接着来。', syncDone: '已完成', syncNever: '还没有同步过', syncState: { running: '进行中', finished: '完成', failed: '中断', cancelled: '已停' }, syncKind: { full: '完整核对', reconcile: '对账' }, syncStep: { address_book: '读通讯录', tags: '读标签库', customers: '读客户', sweep: '核对离开的' }, syncRows: '读了 {{n}} 条', syncChanged: '改动 {{n}} 处', syncSame: '没有变化', syncStarted: '开始同步了', syncCancelled: '已停下，下次从这里接着来', syncLast: '上次', syncCount: '{{done}} / {{total}} 位成员', syncLeft: '还要约 {{span}}', syncTook: '用了 {{span}}', syncRuns: '最近几次',
    change: { contactsAdded: '新客户', followsAdded: '新关系', followsLost: '断开', contactsEdited: '改资料' },
  },
  corps: {
    title: '企业接入', connected: '已接入', callback: '回调设置', callbackWhy: '贴到企业微信「接收消息 › 设置 API 接收」和「通讯录同步 › 接收事件服务器」，两处用同样的三样。', show: '显示回调的三样东西', showWhy: '看一次会记到操作记录里。', url: 'URL', token: 'Token', aesKey: 'EncodingAESKey', credentials: '密钥', credentialsWhy: '存进去就再也看不到，这里只有指纹，用来核对是不是同一个。', fingerprint: '指纹', updatedAt: '{{when}} 更新', replace: '换一个 Secret', replaced: '新的 Secret 已通过检查并保存', kind: { app_secret: '应用 Secret', contact_sync_secret: '通讯录同步 Secret', callback_token: '回调 Token', callback_aes_key: '回调 EncodingAESKey', callback_token_aes: '回调密钥' }, corpid: '企业 ID', agentId: 'AgentId', name: '企业名称', simulated: '模拟企业，和真的说同一种话，但谁也打扰不到', real: '真实企业',
    connect: '接入一家企业', connectTitle: '接入真实企业', connectLead: '大约十分钟，需要企业微信管理员。', step: { app: '建应用，拿到三样东西', appWhy: '企业微信管理后台 › 应用管理 › 自建 › 创建应用，可见范围选上会用到的成员。', permission: '打开客户联系的权限', permissionWhy: '客户联系 › 权限配置 › 可调用接口的应用，勾上刚建的应用。', ip: '把服务器 IP 加到「企业可信 IP」', ipWhy: '应用页底部 › 企业可信 IP › 配置。没有这一步，所有请求都会被拒绝。', fill: '填到这里', callback: '把回调贴回去' }, where: { corpid: '我的企业页面最下面', agentId: '应用页', secret: '应用页，点「查看」后在企业微信里收', contactSecret: '管理工具 › 通讯录同步，可以以后再填' }, optional: '可不填', guide: '去企业微信拿什么', submit: '试一次并接入', submitting: '正在用它试一次企业微信', hint: '会当场试一次；没通过会说哪里不对，什么也不会存。', doneTitle: '接好了一半：把回调贴回企业微信', doneWhy: '保存时企业微信会访问一次这个地址，通过才算接好。正在读取通讯录、标签和客户，可以先去忙。', toHealth: '看同步进度', switchTo: '去这家企业', invalid: { corpid: '以 ww 或 wx 开头，不含空格', agentId: '是一串数字', secret: '至少 20 个字符', name: '请写名字' }, refusedTitle: '企业微信没有接受', another: '再接一家',
  },
  staff: {
    title: '成员', meta: '{{n}} 位', search: '姓名、账号', department: '部门', allDepartments: '全部部门', column: { name: '成员', department: '部门', position: '职务', customers: '在跟客户', status: '状态' }, status: { active: '在职', disabled: '已停用', inactive: '未激活', left: '已离职' }, follows: '可以加客户', notFollows: '未开通客户联系', emptyTitle: '还没有成员', emptyWhy: '成员从企业微信通讯录同步过来。到「接入体检」同步一次。', noneTitle: '没有符合的成员', list: '成员列表', seeCustomers: '看他的客户', noDepartment: '未分部门',
  },
  audit: {
    title: '操作记录', meta: '谁在什么时候做了什么，只能看，不能改', column: { at: '时间', actor: '谁', action: '做了什么', object: '对象', from: '从哪里' }, emptyTitle: '还没有记录', emptyWhy: '登录、改活码、删标签、换密钥，都会记在这里。', list: '操作记录', filter: '动作', detail: '详情',
    action: { 'session.open': '登录', 'corp.connect': '接入企业', 'corp.replace_credentials': '换了 Secret', 'corp.read_callback': '看了回调密钥', 'health.replay': '重新处理失败', 'sync.start': '开始同步', 'sync.cancel': '停下同步', 'tag_group.create': '新建标签组', 'tag_group.edit': '改标签组', 'tag_group.delete': '删标签组', 'tag.create': '新建标签', 'tag.rename': '标签改名', 'tag.delete': '删标签', 'channel_code.create': '新建活码', 'channel_code.edit': '改活码', 'channel_code.archive': '归档活码', 'channel_code.restore': '恢复活码', 'welcome.save_default': '改默认欢迎语' },
  },
} as const
