/** Whom an assertion binds. */
export type Bound = "edge node" | "host application" | "MQTT server" | "installation";

export interface Assertion {
  readonly chapter: string;
  readonly binds: Bound;
  /** why nothing is held against this edge node; absent where a test does */
  readonly because?: string;
}

interface Group {
  readonly chapter: string;
  readonly binds: Bound;
  readonly because?: string;
  /** one id after another, without `tck-id-` */
  readonly ids: string;
}

const HOST = "it says what a host application does, and this is an edge node";
const SERVER = "it says what an MQTT server does, and this is a client of one";
const UNIQUE = "whoever names the gateways of an installation keeps it; one edge node does not see the others";
const FREE = "it permits something and demands nothing";
const NO_PARAMETERS = "no template of ours has parameters";
const NO_VERSION = "no template of ours has a version";

const INTRODUCTION = "1 Introduction";
const PRINCIPLES = "2 Principles";
const COMPONENTS = "3 Components";
const TOPICS = "4 Topics and messages";
const BEHAVIOUR = "5 Operational behaviour";
const PAYLOADS = "6 Payloads";
const CONFORMANCE = "10 Conformance";

const GROUPS: readonly Group[] = [
  {
    chapter: INTRODUCTION,
    binds: "edge node",
    ids: `intro-group-id-string intro-group-id-chars intro-edge-node-id-string intro-edge-node-id-chars
      intro-device-id-string intro-device-id-chars`,
  },
  { chapter: INTRODUCTION, binds: "installation", because: UNIQUE, ids: "intro-edge-node-id-uniqueness" },
  { chapter: INTRODUCTION, binds: "host application", because: HOST, ids: "intro-sparkplug-host-state" },
  {
    chapter: PRINCIPLES,
    binds: "edge node",
    ids: `principles-rbe-recommended principles-birth-certificates-order principles-persistence-clean-session-311
      principles-persistence-clean-session-50`,
  },
  { chapter: COMPONENTS, binds: "host application", because: HOST, ids: "components-ph-state" },
  {
    chapter: TOPICS,
    binds: "edge node",
    ids: `topic-structure topic-structure-namespace-a topic-structure-namespace-valid-group-id
      topic-structure-namespace-valid-edge-node-id topic-structure-namespace-valid-device-id
      topic-structure-namespace-unique-device-id topic-structure-namespace-device-id-associated-message-types
      topic-structure-namespace-device-id-non-associated-message-types
      topics-nbirth-topic topics-nbirth-mqtt topics-nbirth-seq-num topics-nbirth-timestamp topics-nbirth-metric-reqs
      topics-nbirth-metrics topics-nbirth-templates topics-nbirth-bdseq-included topics-nbirth-bdseq-matching
      topics-nbirth-bdseq-increment topics-nbirth-rebirth-metric
      topics-ndata-topic topics-ndata-mqtt topics-ndata-seq-num topics-ndata-timestamp topics-ndata-payload
      topics-ndeath-topic topics-ndeath-payload topics-ndeath-seq topics-ncmd-topic
      topics-dbirth-topic topics-dbirth-mqtt topics-dbirth-seq topics-dbirth-timestamp topics-dbirth-metric-reqs
      topics-dbirth-metrics
      topics-ddata-topic topics-ddata-mqtt topics-ddata-seq-num topics-ddata-timestamp topics-ddata-payload
      topics-ddeath-topic topics-ddeath-mqtt topics-ddeath-seq-num topics-dcmd-topic`,
  },
  {
    chapter: TOPICS,
    binds: "installation",
    because: UNIQUE,
    ids: "topic-structure-namespace-unique-edge-node-descriptor",
  },
  {
    chapter: TOPICS,
    binds: "installation",
    because: FREE,
    ids: "topic-structure-namespace-duplicate-device-id-across-edge-node",
  },
  {
    chapter: TOPICS,
    binds: "host application",
    because: HOST,
    ids: `topics-ncmd-mqtt topics-ncmd-timestamp topics-ncmd-payload topics-dcmd-mqtt topics-dcmd-timestamp
      topics-dcmd-payload host-topic-phid-birth-message host-topic-phid-birth-qos host-topic-phid-birth-retain
      host-topic-phid-birth-topic host-topic-phid-birth-sub-required host-topic-phid-birth-required
      host-topic-phid-birth-payload host-topic-phid-birth-payload-timestamp host-topic-phid-death-qos
      host-topic-phid-death-retain host-topic-phid-death-topic host-topic-phid-death-required
      host-topic-phid-death-payload host-topic-phid-death-payload-timestamp-connect
      host-topic-phid-death-payload-timestamp-disconnect-clean
      host-topic-phid-death-payload-timestamp-disconnect-with-no-disconnect-packet`,
  },
  {
    chapter: BEHAVIOUR,
    binds: "edge node",
    ids: `case-sensitivity-sparkplug-ids case-sensitivity-metric-names
      message-flow-edge-node-ncmd-subscribe message-flow-edge-node-birth-publish-connect
      message-flow-edge-node-birth-publish-will-message message-flow-edge-node-birth-publish-will-message-topic
      message-flow-edge-node-birth-publish-will-message-payload
      message-flow-edge-node-birth-publish-will-message-payload-bdSeq
      message-flow-edge-node-birth-publish-will-message-qos
      message-flow-edge-node-birth-publish-will-message-will-retained
      message-flow-edge-node-birth-publish-phid-wait message-flow-edge-node-birth-publish-phid-wait-id
      message-flow-edge-node-birth-publish-phid-wait-online message-flow-edge-node-birth-publish-phid-wait-timestamp
      message-flow-edge-node-birth-publish-nbirth-topic message-flow-edge-node-birth-publish-nbirth-payload
      message-flow-edge-node-birth-publish-nbirth-payload-bdSeq message-flow-edge-node-birth-publish-nbirth-qos
      message-flow-edge-node-birth-publish-nbirth-retained message-flow-edge-node-birth-publish-nbirth-payload-seq
      message-flow-edge-node-birth-publish-phid-offline
      operational-behavior-edge-node-intentional-disconnect-ndeath
      operational-behavior-edge-node-intentional-disconnect-packet
      operational-behavior-edge-node-termination-host-offline
      operational-behavior-edge-node-termination-host-offline-reconnect
      operational-behavior-edge-node-termination-host-offline-timestamp
      message-flow-device-dcmd-subscribe message-flow-device-birth-publish-nbirth-wait
      message-flow-device-birth-publish-dbirth-topic
      message-flow-device-birth-publish-dbirth-match-edge-node-topic
      message-flow-device-birth-publish-dbirth-payload message-flow-device-birth-publish-dbirth-qos
      message-flow-device-birth-publish-dbirth-retained message-flow-device-birth-publish-dbirth-payload-seq
      operational-behavior-device-ddeath
      operational-behavior-primary-application-state-with-multiple-servers-state-subs
      operational-behavior-primary-application-state-with-multiple-servers-single-server
      operational-behavior-primary-application-state-with-multiple-servers-walk
      operational-behavior-edge-node-birth-sequence-wait
      operational-behavior-data-publish-nbirth operational-behavior-data-publish-nbirth-values
      operational-behavior-data-publish-nbirth-change operational-behavior-data-publish-nbirth-order
      operational-behavior-data-publish-dbirth operational-behavior-data-publish-dbirth-values
      operational-behavior-data-publish-dbirth-change operational-behavior-data-publish-dbirth-order
      operational-behavior-data-commands-rebirth-name operational-behavior-data-commands-rebirth-name-aliases
      operational-behavior-data-commands-rebirth-datatype operational-behavior-data-commands-rebirth-value
      operational-behavior-data-commands-rebirth-action-1 operational-behavior-data-commands-rebirth-action-2
      operational-behavior-data-commands-rebirth-action-3`,
  },
  {
    chapter: BEHAVIOUR,
    binds: "host application",
    because: HOST,
    ids: `message-flow-phid-sparkplug-clean-session-311 message-flow-phid-sparkplug-clean-session-50
      message-flow-phid-sparkplug-subscription message-flow-phid-sparkplug-state-publish
      message-flow-phid-sparkplug-state-publish-payload message-flow-phid-sparkplug-state-publish-payload-timestamp
      message-flow-hid-sparkplug-state-message-delivered
      operational-behavior-edge-node-termination-host-action-ndeath-node-offline
      operational-behavior-edge-node-termination-host-action-ndeath-node-tags-stale
      operational-behavior-edge-node-termination-host-action-ndeath-devices-offline
      operational-behavior-edge-node-termination-host-action-ndeath-devices-tags-stale
      operational-behavior-edge-node-termination-host-action-ddeath-devices-offline
      operational-behavior-edge-node-termination-host-action-ddeath-devices-tags-stale
      operational-behavior-host-reordering-param operational-behavior-host-reordering-start
      operational-behavior-host-reordering-rebirth operational-behavior-host-reordering-success
      operational-behavior-primary-application-state-with-multiple-servers-state
      operational-behavior-host-application-host-id operational-behavior-host-application-connect-will
      operational-behavior-host-application-connect-will-topic
      operational-behavior-host-application-connect-will-payload
      operational-behavior-host-application-connect-will-qos
      operational-behavior-host-application-connect-will-retained
      operational-behavior-host-application-connect-birth
      operational-behavior-host-application-connect-birth-topic
      operational-behavior-host-application-connect-birth-payload
      operational-behavior-host-application-connect-birth-qos
      operational-behavior-host-application-connect-birth-retained
      operational-behavior-host-application-multi-server-timestamp
      operational-behavior-host-application-termination operational-behavior-host-application-death-topic
      operational-behavior-host-application-death-payload operational-behavior-host-application-death-qos
      operational-behavior-host-application-death-retained
      operational-behavior-host-application-disconnect-intentional
      operational-behavior-data-commands-ncmd-rebirth-verb operational-behavior-data-commands-ncmd-rebirth-name
      operational-behavior-data-commands-ncmd-rebirth-value operational-behavior-data-commands-ncmd-verb
      operational-behavior-data-commands-ncmd-metric-name operational-behavior-data-commands-ncmd-metric-value
      operational-behavior-data-commands-dcmd-verb operational-behavior-data-commands-dcmd-metric-name
      operational-behavior-data-commands-dcmd-metric-value`,
  },
  {
    chapter: PAYLOADS,
    binds: "edge node",
    ids: `payloads-timestamp-in-UTC payloads-sequence-num-always-included payloads-sequence-num-req-nbirth
      payloads-sequence-num-incrementing payloads-name-requirement payloads-alias-uniqueness
      payloads-alias-birth-requirement payloads-alias-data-cmd-requirement payloads-name-birth-data-requirement
      payloads-metric-timestamp-in-UTC payloads-metric-datatype-value-type payloads-metric-datatype-value
      payloads-metric-datatype-req payloads-metric-datatype-not-req
      payloads-propertyset-keys-array-size payloads-propertyset-values-array-size
      payloads-metric-propertyvalue-type-type payloads-metric-propertyvalue-type-value
      payloads-metric-propertyvalue-type-req payloads-propertyset-quality-value-type
      payloads-propertyset-quality-value-value
      payloads-dataset-column-size payloads-dataset-column-num-headers payloads-dataset-types-def
      payloads-dataset-types-num payloads-dataset-types-type payloads-dataset-types-value
      payloads-dataset-parameter-type-req payloads-template-dataset-value
      payloads-template-definition-nbirth-only payloads-template-definition-is-definition
      payloads-template-definition-ref payloads-template-definition-members payloads-template-definition-nbirth
      payloads-template-instance-is-definition payloads-template-instance-ref payloads-template-instance-members
      payloads-template-instance-members-birth payloads-template-ref-definition payloads-template-ref-instance
      payloads-template-is-definition payloads-template-is-definition-definition
      payloads-template-is-definition-instance
      payloads-nbirth-timestamp payloads-nbirth-seq payloads-nbirth-bdseq payloads-nbirth-bdseq-repeat
      payloads-nbirth-rebirth-req payloads-nbirth-qos payloads-nbirth-retain
      payloads-dbirth-timestamp payloads-dbirth-seq payloads-dbirth-seq-inc payloads-dbirth-order payloads-dbirth-qos
      payloads-dbirth-retain
      payloads-ndata-timestamp payloads-ndata-seq payloads-ndata-seq-inc payloads-ndata-order payloads-ndata-qos
      payloads-ndata-retain
      payloads-ddata-timestamp payloads-ddata-seq payloads-ddata-seq-inc payloads-ddata-order payloads-ddata-qos
      payloads-ddata-retain
      payloads-ndeath-seq payloads-ndeath-will-message payloads-ndeath-will-message-qos
      payloads-ndeath-will-message-retain payloads-ndeath-bdseq payloads-ndeath-will-message-publisher
      payloads-ndeath-will-message-publisher-disconnect-mqtt311
      payloads-ndeath-will-message-publisher-disconnect-mqtt50
      payloads-ddeath-timestamp payloads-ddeath-seq payloads-ddeath-seq-inc payloads-ddeath-seq-number`,
  },
  {
    chapter: PAYLOADS,
    binds: "edge node",
    because: NO_PARAMETERS,
    ids: `payloads-template-definition-parameters payloads-template-definition-parameters-default
      payloads-template-instance-parameters payloads-template-parameter-name-required
      payloads-template-parameter-name-type payloads-template-parameter-value-type
      payloads-template-parameter-type-value payloads-template-parameter-type-req payloads-template-parameter-value`,
  },
  { chapter: PAYLOADS, binds: "edge node", because: NO_VERSION, ids: "payloads-template-version" },
  { chapter: PAYLOADS, binds: "edge node", because: FREE, ids: "payloads-template-instance-members-data" },
  { chapter: PAYLOADS, binds: "installation", because: UNIQUE, ids: "payloads-nbirth-edge-node-descriptor" },
  {
    chapter: PAYLOADS,
    binds: "host application",
    because: HOST,
    ids: `payloads-name-cmd-requirement payloads-ncmd-timestamp payloads-ncmd-seq payloads-ncmd-qos payloads-ncmd-retain
      payloads-dcmd-timestamp payloads-dcmd-seq payloads-dcmd-qos payloads-dcmd-retain
      payloads-state-will-message payloads-state-will-message-qos payloads-state-will-message-retain
      payloads-state-will-message-payload payloads-state-subscribe payloads-state-birth payloads-state-birth-payload`,
  },
  { chapter: CONFORMANCE, binds: "host application", because: HOST, ids: "conformance-primary-host" },
  {
    chapter: CONFORMANCE,
    binds: "MQTT server",
    because: SERVER,
    ids: `conformance-mqtt-qos0 conformance-mqtt-qos1 conformance-mqtt-will-messages conformance-mqtt-retained
      conformance-mqtt-aware-basic conformance-mqtt-aware-store conformance-mqtt-aware-nbirth-mqtt-topic
      conformance-mqtt-aware-nbirth-mqtt-retain conformance-mqtt-aware-dbirth-mqtt-topic
      conformance-mqtt-aware-dbirth-mqtt-retain conformance-mqtt-aware-ndeath-timestamp`,
  },
];

/** As many as the specification marks testable. */
export const ASSERTIONS_TOTAL = 299;

/**
 * Every assertion that the Sparkplug specification 3.0.0 marks testable, by the id it is marked with.
 * @see https://sparkplug.eclipse.org/specification/version/3.0/documents/sparkplug-specification-3.0.0.pdf
 */
export const ASSERTIONS: ReadonlyMap<string, Assertion> = new Map(
  GROUPS.flatMap(({ chapter, binds, because, ids }) =>
    ids
      .trim()
      .split(/\s+/)
      .map((id): [string, Assertion] => [
        `tck-id-${id}`,
        { chapter, binds, ...(because === undefined ? {} : { because }) },
      ]),
  ),
);
