package settings_test

import (
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/internal/partition"
	"github.com/seed-8894d46d/account-baseline/components/settings"
	"github.com/seed-8894d46d/account-baseline/components/settings/internal/render"
	"github.com/seed-8894d46d/account-baseline/components/settings/internal/schema"
)

func TestEveryKeyRefusesWhatItCannotBe(t *testing.T) {
	for _, tt := range failing {
		for _, preview := range []bool{false, true} {
			t.Run(tt.key, func(t *testing.T) {
				top := strings.TrimSuffix(strings.FieldsFunc(tt.key, func(r rune) bool { return r == '.' })[0], "[]")
				_, err := stack{config: with(map[string]string{top: tt.config}), preview: preview}.load(t)
				assert.EqualError(t, err, tt.want)
			})
		}
	}
}

// leaves lists the keys that hold a value, elements of lists as [] and entries of dictionaries as *.
func leaves(n *schema.Node, path string) []string {
	switch n.Kind {
	case schema.Object:
		var keys []string
		for _, f := range n.Fields {
			keys = append(keys, leaves(f, strings.TrimPrefix(path+"."+f.Name, "."))...)
		}
		return keys
	case schema.List:
		return leaves(n.Elem, path+"[]")
	case schema.Dict:
		return leaves(n.Elem, path+".*")
	}
	return []string{path}
}

func TestEveryKeyHasAFailingRow(t *testing.T) {
	covered := map[string]bool{}
	for _, tt := range failing {
		covered[tt.key] = true
		stem, _, _ := strings.Cut(strings.NewReplacer("[]", "[0]").Replace(tt.key), "*")
		assert.Contains(t, tt.want, stem, "the message names another key")
	}
	keys := leaves(schema.Root(), "")
	for _, key := range keys {
		assert.True(t, covered[key], "%s has no failing row", key)
		delete(covered, key)
	}
	assert.Empty(t, covered, "rows without key")
	assert.Greater(t, len(keys), 150)
}

// kinds of mistakes that are not a wrong value of a single key.
func TestMistakes(t *testing.T) {
	for _, tt := range []struct {
		name    string
		config  map[string]string
		secrets []string
		want    string
	}{
		{"misspelt profile", map[string]string{"profile": "standart"}, nil, `profile: "standart" is not allowed; allowed: starter, standard, strict; did you mean "standard"?`},
		{"unknown top-level key", map[string]string{"alert": "{}"}, nil, `alert: unknown key; did you mean "alerts"?`},
		{"unknown top-level key that exists elsewhere", map[string]string{"emails": "[]"}, nil, `emails: unknown key; did you mean alerts.emails?`},
		{"unknown top-level key, nothing near", map[string]string{"frobnicate": "1"}, nil,
			`frobnicate: unknown key; allowed: profile, regions, tags, disposable, deployers, alerts, archive, trail, config, threats, billing, hardening, estimate, checklist`},
		{"forgotten --path", map[string]string{"alerts.emails[0]": "you@example.com"}, nil,
			`alerts.emails[0]: is a path, not a key; set it with: pulumi config set --path 'alerts.emails[0]' VALUE, and remove this one with: pulumi config rm 'alerts.emails[0]'`},
		{"misspelt namespace", map[string]string{"acount-baseline:profile": "strict"}, nil, `acount-baseline:profile: unknown namespace; did you mean account-baseline:profile?`},
		{"unknown nested key", map[string]string{"archive": `{"retentionDay":1}`}, nil, `archive.retentionDay: unknown key; did you mean "retentionDays"?`},
		{"unknown nested key, nothing near", map[string]string{"trail": `{"logs":{"x-y z":1}}`}, nil, `trail.logs["x-y z"]: unknown key; allowed: enabled, retentionDays`},
		{"unknown name", map[string]string{"trail": `{"dataEvents":{"s3Object":{"enabled":true}}}`}, nil, `trail.dataEvents.s3Object: unknown name; did you mean "s3Objects"?`},
		{"bad tag key", map[string]string{"tags": `{"aws:team":"x"}`}, nil, `tags["aws:team"]: the name "aws:team" is not a tag key: AWS reserves keys that start with aws:`},
		{"too many tags", map[string]string{"tags": tags(49)}, nil, `tags: has 49 entries; the most is 48`},
		{"too many tags with default tags", map[string]string{"tags": tags(48), "aws:defaultTags": `{"tags":{"team":"x"}}`}, nil,
			`tags: has 49 names together with aws:defaultTags; the most is 48`},
		{"long tag key", map[string]string{"tags": `{"` + strings.Repeat("k", 129) + `":"x"}`}, nil,
			`tags.` + strings.Repeat("k", 129) + `: the name "` + strings.Repeat("k", 129) + `" is not a tag key: it has 129 characters, 1 to 128 are allowed`},
		{"long tag value", map[string]string{"tags": `{"k":"` + strings.Repeat("v", 257) + `"}`}, nil,
			`tags.k: "` + strings.Repeat("v", 257) + `" is not a tag value: it has 257 characters, the most is 256`},
		{"text for an object", map[string]string{"alerts": "ops@example.com"}, nil,
			`alerts: the value is text; keys with values are needed: pulumi config set --path 'alerts.emails[0]' VALUE`},
		{"text for a list", map[string]string{"deployers": "arn:aws:iam::123456789012:role/ci"}, nil,
			`deployers: "arn:aws:iam::123456789012:role/ci" is text; a list is needed: pulumi config set --path 'deployers[0]' VALUE`},
		{"text for Regions", map[string]string{"regions": "us-east-1"}, nil,
			`regions: "us-east-1" is text; the word all or a list is needed: pulumi config set --path 'regions[0]' VALUE`},
		{"all beside a Region", map[string]string{"regions": `["us-east-1","all"]`}, nil,
			`regions[1]: "all" cannot stand beside other elements; give the word alone: pulumi config set regions all`},
		{"Region of another partition", map[string]string{"regions": `["cn-north-1"]`}, nil,
			`regions[0]: "cn-north-1" is a Region of the partition aws-cn, the home Region is in aws`},
		{"list for an object", map[string]string{"trail": `["x"]`}, nil, `trail: is a list; keys with values are needed: pulumi config set --path trail.enabled VALUE`},
		{"object for a text", map[string]string{"trail": `{"name":{"is":"audit"}}`}, nil, `trail.name: has keys of its own; a text is needed`},
		{"number for a text", map[string]string{"trail": `{"name":2024}`}, nil, `trail.name: 2024 is a number; a text is needed`},
		{"broken JSON", map[string]string{"archive": `{"retentionDays":`}, nil,
			`archive: is not valid JSON; set single keys instead: pulumi config set --path archive.bucketNames.trail VALUE`},
		{"fraction of a day", map[string]string{"archive": `{"retentionDays":30.5}`}, nil, `archive.retentionDays: 30.5 is not a whole number`},
		{"too many days", map[string]string{"archive": `{"retentionDays":40000}`}, nil, `archive.retentionDays: 40000 is too large; the most is 36500`},
		{"twice the same but for case", map[string]string{"alerts": `{"emails":["A@example.com","a@example.com"]}`}, nil, `alerts.emails[1]: "a@example.com" is in the list already`},
		{"a tag of the baseline's own", map[string]string{"tags": `{"pulumi:stack":"x"}`}, nil, `tags["pulumi:stack"]: the name "pulumi:stack" is not a tag key of yours: the baseline gives it to every resource`},
		{"twice the same", map[string]string{"alerts": `{"emails":["a@example.com","a@example.com"]}`}, nil, `alerts.emails[1]: "a@example.com" is in the list already`},
		{"empty element", map[string]string{"deployers": `[null]`}, nil, `deployers[0]: is empty; remove it`},
		{"missing field of an element", map[string]string{"archive": `{"transitions":[{"days":90}]}`}, nil, `archive.transitions[0].storageClass: is missing`},

		{"webhook over http", map[string]string{"alerts": `{"webhook":{"url":"http://hooks.example.com/TOPSECRET"}}`}, []string{"alerts"},
			`alerts.webhook.url: the value is not allowed; allowed: an https:// URL of at most 2048 characters`},
		{"webhook in plain text", map[string]string{"alerts": `{"webhook":{"url":"https://hooks.example.com/TOPSECRET"}}`}, nil,
			`alerts.webhook.url: must be encrypted: pulumi config set --path alerts.webhook.url --secret`},
		{"webhook as a text", map[string]string{"alerts": `{"webhook":"https://hooks.example.com/TOPSECRET"}`}, []string{"alerts"},
			`alerts.webhook: the value is text; keys with values are needed: pulumi config set --path alerts.webhook.url VALUE`},
		{"secrets beside other mistakes", map[string]string{"alerts": `{"emails":["TOPSECRET"],"slack":{"workspaceId":"-TOPSECRET-"}}`}, []string{"alerts"},
			"alerts.emails[0]: the value is not allowed; allowed: an e-mail address\n" +
				"alerts.slack.workspaceId: the value is not allowed; allowed: capital letters and digits, such as T0123ABCDEF"},

		{"Slack channel without workspace", map[string]string{"alerts": `{"slack":{"channelId":"C0123ABCDEF"}}`}, nil,
			`alerts.slack.workspaceId: is missing; a channel belongs to a workspace: pulumi config set --path alerts.slack.workspaceId ID`},
		{"Slack workspace without channel", map[string]string{"alerts": `{"slack":{"workspaceId":"T0123ABCDEF"}}`}, nil,
			`alerts.slack.channelId: is missing, and alerts.slack.channels names no channel for critical and warning and informational: pulumi config set --path alerts.slack.channelId ID`},
		{"Slack severity without channel", map[string]string{"alerts": `{"slack":{"workspaceId":"T0123ABCDEF","channels":{"critical":"C0123ABCDEF","informational":"C0123ABCDEF"}}}`}, nil,
			`alerts.slack.channelId: is missing, and alerts.slack.channels names no channel for warning: pulumi config set --path alerts.slack.channelId ID`},

		{"retention below the transition", map[string]string{"archive": `{"retentionDays":90,"transitions":[{"storageClass":"GLACIER","days":90}]}`}, nil,
			`archive.retentionDays: 90 is not above the 90 days after which objects move to GLACIER (archive.transitions); S3 refuses that`},
		{"early STANDARD_IA", map[string]string{"archive": `{"transitions":[{"storageClass":"STANDARD_IA","days":29}]}`}, nil,
			`archive.transitions[0].days: 29 is too small; S3 moves no object to STANDARD_IA before 30 days`},
		{"GLACIER right after STANDARD_IA", map[string]string{"archive": `{"transitions":[{"storageClass":"STANDARD_IA","days":30},{"storageClass":"GLACIER","days":59}]}`}, nil,
			`archive.transitions[1].days: 59 is too small; objects stay in STANDARD_IA for at least 30 days, so the least is 60`},
		{"transitions back", map[string]string{"archive": `{"transitions":[{"storageClass":"GLACIER","days":30},{"storageClass":"GLACIER_IR","days":90}]}`}, nil,
			`archive.transitions[1].storageClass: "GLACIER_IR" cannot follow GLACIER; the order is STANDARD_IA, INTELLIGENT_TIERING, ONEZONE_IA, GLACIER_IR, GLACIER, DEEP_ARCHIVE`},
		{"transitions at once", map[string]string{"archive": `{"transitions":[{"storageClass":"GLACIER","days":90},{"storageClass":"DEEP_ARCHIVE","days":90}]}`}, nil,
			`archive.transitions[1].days: 90 is not above the 90 days of the transition before`},
		{"Object Lock off but described", map[string]string{"archive": `{"objectLock":{"days":30}}`}, nil, `archive.objectLock.days: needs archive.objectLock.enabled: true`},
		{"Object Lock beyond retention", map[string]string{"archive": `{"objectLock":{"enabled":true,"days":400},"retentionDays":366}`}, nil,
			`archive.objectLock.days: 400 is above archive.retentionDays (366); a locked object cannot expire`},
		{"Object Lock of a sandbox", map[string]string{"archive": `{"objectLock":{"enabled":true}}`, "disposable": "true"}, nil,
			`archive.objectLock: locked objects cannot be destroyed; remove it, or set disposable to false`},
		{"central and own bucket", map[string]string{"archive": `{"central":{"bucket":"org-logs"},"bucketNames":{"trail":"my-logs"},"retentionDays":400,"adopt":{"keyId":"mrk-0123456789abcdef0123456789abcdef"}}`}, nil,
			"archive.adopt: archive.central.bucket is used and no own bucket is created; remove one of the two\n" +
				"archive.bucketNames: archive.central.bucket is used and no own bucket is created; remove one of the two\n" +
				"archive.retentionDays: archive.central.bucket is used and no own bucket is created; remove one of the two"},
		{"central and Object Lock", map[string]string{"archive": `{"central":{"bucket":"org-logs"},"objectLock":{"enabled":true}}`}, nil,
			`archive.objectLock: archive.central.bucket is used and no own bucket is created; remove one of the two`},
		{"central key without bucket", map[string]string{"archive": `{"central":{"keyArn":"arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"}}`}, nil,
			`archive.central.keyArn: needs archive.central.bucket, the bucket of the log-archive account`},
		{"named and adopted", map[string]string{"archive": `{"bucketNames":{"trail":"new-logs"},"adopt":{"trailBucket":"old-logs"}}`}, nil,
			`archive.bucketNames.trail: "new-logs" is not the bucket that archive.adopt.trailBucket adopts ("old-logs"); remove one of the two`},
		{"one bucket for two purposes", map[string]string{"archive": `{"bucketNames":{"trail":"my-logs","accessLogs":"my-logs"}}`}, nil,
			`archive.bucketNames.accessLogs: "my-logs" is the bucket of archive.bucketNames.trail already; every purpose needs its own`},
		{"adopted key without use", map[string]string{"archive": `{"encryption":"s3","adopt":{"keyId":"mrk-0123456789abcdef0123456789abcdef"}}`}, nil,
			`archive.adopt.keyId: archive.encryption is s3, which uses no key; set archive.encryption to kms`},

		{"strict without deployers", map[string]string{"profile": "strict"}, nil,
			`deployers: is empty; profile strict demands at least one: pulumi config set --path 'deployers[0]' arn:aws:iam::ACCOUNT:role/PATH/NAME`},
		{"root as deployer", map[string]string{"deployers": `["arn:aws:iam::123456789012:root"]`}, nil,
			`deployers[0]: "arn:aws:iam::123456789012:root" is the root user, which must not deploy; give the ARN of a role`},
		{"wildcard deployer", map[string]string{"deployers": `["arn:aws:iam::123456789012:role/ci/*"]`}, nil,
			`deployers[0]: "arn:aws:iam::123456789012:role/ci/*" has a wildcard; name each deployer in full`},
		{"deployer of another partition", map[string]string{"deployers": `["arn:aws-cn:iam::123456789012:role/ci"]`}, nil,
			`deployers[0]: "arn:aws-cn:iam::123456789012:role/ci" is an ARN of the partition aws-cn, the home Region is in aws`},

		{"no trail but logs", map[string]string{"trail": `{"enabled":false,"logs":{"enabled":true}}`}, nil,
			`trail.logs.enabled: needs the trail, but trail.enabled is false; remove one of the two`},
		{"no trail but an organization", map[string]string{"trail": `{"enabled":false,"organization":{"id":"o-0123456789"}}`}, nil,
			`trail.organization: needs the trail, but trail.enabled is false; remove one of the two`},
		{"no logs but their retention", map[string]string{"trail": `{"logs":{"enabled":false,"retentionDays":30}}`}, nil,
			`trail.logs.retentionDays: needs trail.logs.enabled: true`},
		{"no logs but metric filters", map[string]string{"trail": `{"logs":{"enabled":false},"metricFilters":{"enabled":true}}`}, nil,
			`trail.metricFilters.enabled: needs trail.logs.enabled: true`},
		{"no groups but a name", map[string]string{"trail": `{"groups":{"enabled":false,"readers":"auditors"}}`}, nil,
			`trail.groups.readers: names a group, but trail.groups.enabled is false; remove one of the two`},
		{"one group for both", map[string]string{"trail": `{"groups":{"administrators":"Auditors","readers":"auditors"}}`}, nil,
			`trail.groups.readers: "auditors" is the group of the administrators too; they need two groups`},

		{"a weak password policy", map[string]string{"hardening": `{"passwordPolicy":{"minimumLength":8,"reusePrevention":5,"maxAge":91,"requireLowercase":false,"requireUppercase":false,"requireNumbers":false,"requireSymbols":false}}`}, nil,
			"hardening.passwordPolicy.maxAge: 91 is above 90; change it, or say hardening.weaken: true\n" +
				"hardening.passwordPolicy.minimumLength: 8 is below 14; change it, or say hardening.weaken: true\n" +
				"hardening.passwordPolicy.requireLowercase: false is weaker than the benchmark; change it, or say hardening.weaken: true\n" +
				"hardening.passwordPolicy.requireNumbers: false is weaker than the benchmark; change it, or say hardening.weaken: true\n" +
				"hardening.passwordPolicy.requireSymbols: false is weaker than the benchmark; change it, or say hardening.weaken: true\n" +
				"hardening.passwordPolicy.requireUppercase: false is weaker than the benchmark; change it, or say hardening.weaken: true\n" +
				"hardening.passwordPolicy.reusePrevention: 5 is below 24; change it, or say hardening.weaken: true"},
		{"weaker locks", map[string]string{"hardening": `{"s3":{"blockPublicAccess":false},"ebs":{"encryptionByDefault":false,"snapshotBlockPublicAccess":"block-new-sharing"},"images":{"blockPublicAccess":false},"instanceMetadata":{"httpTokens":"optional","hopLimit":3},"serialConsole":{"enabled":true},"passwordPolicy":{"maxAge":0}}`}, nil,
			"hardening.ebs.encryptionByDefault: false leaves new volumes unencrypted; change it, or say hardening.weaken: true\n" +
				"hardening.ebs.snapshotBlockPublicAccess: \"block-new-sharing\" is less than \"block-all-sharing\"; change it, or say hardening.weaken: true\n" +
				"hardening.images.blockPublicAccess: false lets AMIs become public; change it, or say hardening.weaken: true\n" +
				"hardening.instanceMetadata.hopLimit: 3 is above 2; change it, or say hardening.weaken: true\n" +
				"hardening.instanceMetadata.httpTokens: \"optional\" is less than \"required\"; change it, or say hardening.weaken: true\n" +
				"hardening.passwordPolicy.maxAge: 0 is never; change it, or say hardening.weaken: true\n" +
				"hardening.s3.blockPublicAccess: false lets buckets be public; change it, or say hardening.weaken: true\n" +
				"hardening.serialConsole.enabled: true lets the serial console be used; change it, or say hardening.weaken: true"},
		{"adopted and left alone", map[string]string{"hardening": `{"existing":["password-policy"],"adopt":["password-policy","account-alias","security-contact"]}`}, nil,
			"hardening.adopt[0]: \"password-policy\" is in hardening.existing too; what exists is either adopted or left alone\n" +
				"hardening.adopt[1]: \"account-alias\" needs hardening.accountAlias\n" +
				"hardening.adopt[2]: \"security-contact\" needs hardening.contacts.security"},
		{"adopted and weakened", map[string]string{"hardening": `{"weaken":true,"s3":{"blockPublicAccess":false},"ebs":{"encryptionByDefault":false},"adopt":["ebs-encryption","s3-public-access"]}`}, nil,
			"hardening.adopt[0]: \"ebs-encryption\" needs hardening.ebs.encryptionByDefault: true\n" +
				"hardening.adopt[1]: \"s3-public-access\" needs hardening.s3.blockPublicAccess: true"},
		{"expiry without an age", map[string]string{"hardening": `{"weaken":true,"passwordPolicy":{"maxAge":0,"hardExpiry":true}}`}, nil,
			"hardening.passwordPolicy.hardExpiry: has no effect while hardening.passwordPolicy.maxAge is 0; remove one of the two"},
		{"keys of EBS", map[string]string{"regions": `["us-east-1"]`, "hardening": `{"weaken":true,"ebs":{"encryptionByDefault":false,"keys":{"eu-north-1":"arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012"}}}`}, nil,
			"hardening.ebs.keys.eu-north-1: \"arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012\" is a key of us-east-1; a key works in its own Region only\n" +
				"hardening.ebs.keys.eu-north-1: the Region is not covered; add it to regions, or remove it\n" +
				"hardening.ebs.keys: has no effect while hardening.ebs.encryptionByDefault is false; remove it"},
		{"hardening of Regions that are not covered", map[string]string{"regions": `["us-east-1"]`, "hardening": `{"missingIn":{"eu-north-1":["ebs-key"]},"defaultSecurityGroups":{"vpcs":{"sa-east-1":["vpc-0123456789abcdef0"]}}}`}, nil,
			"hardening.defaultSecurityGroups.vpcs.sa-east-1: the Region is not covered; add it to regions, or remove it\n" +
				"hardening.missingIn.eu-north-1: the Region is not covered; add it to regions, or remove it"},
		{"roles that are off, or open", map[string]string{"hardening": `{"auditRole":{"name":"Auditor"},"supportRole":{"externalId":"example-7"}}`}, nil,
			"hardening.auditRole.name: needs hardening.auditRole.enabled: true\n" +
				"hardening.supportRole.externalId: needs hardening.supportRole.principals"},
		{"two roles of one name", map[string]string{"hardening": `{"auditRole":{"enabled":true,"name":"Helper"},"supportRole":{"name":"Helper"}}`}, nil,
			"hardening.auditRole.name: \"Helper\" is the name of the support role; rename one of them"},
		{"no hardening but an alias", map[string]string{"hardening": `{"enabled":false,"accountAlias":"example"}`}, nil, "hardening.accountAlias: needs hardening.enabled: true"},
		{"half a contact", map[string]string{"hardening": `{"contacts":{"billing":{"name":"Accounting"}}}`}, nil,
			"hardening.contacts.billing.email: is missing; AWS takes a contact as a whole\n" +
				"hardening.contacts.billing.phone: is missing; AWS takes a contact as a whole\n" +
				"hardening.contacts.billing.title: is missing; AWS takes a contact as a whole"},
		{"include and exclude", map[string]string{"config": `{"recording":{"resourceTypes":["AWS::S3::Bucket"],"excludedResourceTypes":["AWS::EC2::VPC"]}}`}, nil,
			"config.recording.excludedResourceTypes: config.recording.resourceTypes names what is recorded; remove one of the two"},
		{"history without the trail's Athena", map[string]string{"trail": `{"athena":{"enabled":false}}`, "config": `{"athena":{"enabled":true}}`}, nil,
			`config.athena.enabled: needs the trail's own archive and trail.athena.enabled: true; its tables and queries are in the trail's database`},
		{"a custom rule without text", map[string]string{"config": `{"rules":{"custom":[{"name":"r","resourceTypes":["AWS::S3::Bucket"]}]}}`}, nil,
			`config.rules.custom[0]: has neither policy nor policyFile; give one of them`},
		{"a custom rule with two texts", map[string]string{"config": `{"rules":{"custom":[{"name":"r","policy":"rule r { true }","policyFile":"r.guard","resourceTypes":["AWS::S3::Bucket"]}]}}`}, nil,
			`config.rules.custom[0].policyFile: "r.guard" stands beside policy; remove one of them`},
		{"a custom rule whose file is missing", map[string]string{"config": `{"rules":{"custom":[{"name":"r","policyFile":"r.guard","resourceTypes":["AWS::S3::Bucket"]}]}}`}, nil,
			`config.rules.custom[0].policyFile: "r.guard" cannot be read: open r.guard: no such file or directory`},
		{"existing and adopted", map[string]string{"threats": `{"guardDuty":{"existing":{"eu-west-1":"0123456789abcdef0123456789abcdef"},"adopt":{"eu-west-1":"0123456789abcdef0123456789abcdef"}}}`}, nil,
			"threats.guardDuty.adopt.eu-west-1: threats.guardDuty.existing names the Region too; what exists is either adopted or left alone"},
		{"severities of GuardDuty", map[string]string{"threats": `{"guardDuty":{"severity":{"warning":8}}}`}, nil,
			"threats.guardDuty.severity.warning: 8 is not below threats.guardDuty.severity.critical (7)"},
		{"nothing below the warnings", map[string]string{"threats": `{"guardDuty":{"severity":{"warning":1,"informational":true}}}`}, nil,
			"threats.guardDuty.severity.informational: no severity is below threats.guardDuty.severity.warning (1); remove it"},
		{"agents without runtime monitoring", map[string]string{"threats": `{"guardDuty":{"runtimeAgents":{"eks":true}}}`}, nil,
			"threats.guardDuty.runtimeAgents.eks: needs threats.guardDuty.plans.runtimeMonitoring: true"},
		{"no threats but a detector", map[string]string{"threats": `{"enabled":false,"guardDuty":{"keepDetectors":true}}`}, nil,
			"threats.guardDuty: needs threats.enabled: true"},
		{"parts that are off", map[string]string{"threats": `{"guardDuty":{"enabled":false,"plans":{"s3DataEvents":false}},"macie":{"regions":["eu-west-1"]},"securityHub":{"enabled":false,"aggregator":false},"accessAnalyzer":{"unusedAccess":{"unusedAccessAge":30}}}`}, nil,
			"threats.accessAnalyzer.unusedAccess.unusedAccessAge: needs threats.accessAnalyzer.unusedAccess.enabled: true\n" +
				"threats.guardDuty.plans: needs threats.guardDuty.enabled: true\n" +
				"threats.macie.regions: needs threats.macie.enabled: true\n" +
				"threats.securityHub.aggregator: needs threats.securityHub.enabled: true"},
		{"export without a key", map[string]string{"archive": `{"encryption":"s3"}`, "threats": `{"guardDuty":{"export":{"enabled":true}}}`}, nil,
			"threats.guardDuty.export.enabled: GuardDuty exports with a customer-managed key only; set archive.encryption to kms"},
		{"export beside a central bucket", map[string]string{"archive": `{"central":{"bucket":"org-logs"}}`, "threats": `{"guardDuty":{"export":{"enabled":true}}}`}, nil,
			"threats.guardDuty.export.enabled: findings are exported to an archive of the stack's own, but archive.central.bucket is used; remove one of the two"},
		{"filters that match everything, twice", map[string]string{"threats": `{"guardDuty":{"suppress":[{"name":"scanner"},{"name":"scanner","equals":{"type":["a"]},"notEquals":{"type":["b"]}}]}}`}, nil,
			"threats.guardDuty.suppress[0]: has neither equals nor notEquals and would archive every finding; name what is known to be good\n" +
				"threats.guardDuty.suppress[1].name: \"scanner\" is the name of threats.guardDuty.suppress[0] already; rename one of them\n" +
				"threats.guardDuty.suppress[1].notEquals.type: equals has the field too; remove one of the two"},
		{"a format without a list, a bucket twice", map[string]string{"threats": `{"guardDuty":{"trustedIps":{"format":"TXT"},"malwareProtectedBuckets":[{"name":"uploads"},{"name":"uploads"}]}}`}, nil,
			"threats.guardDuty.malwareProtectedBuckets[1].name: \"uploads\" is threats.guardDuty.malwareProtectedBuckets[0] already; remove one of them\n" +
				"threats.guardDuty.trustedIps.location: is missing; the format is that of a list"},
		{"an archive rule that matches everything", map[string]string{"threats": `{"accessAnalyzer":{"archiveRules":[{"name":"partner"}]}}`}, nil,
			"threats.accessAnalyzer.archiveRules[0]: has neither equals nor contains and would archive every finding; name what is meant to be"},
		{"an archive rule with a key twice", map[string]string{"threats": `{"accessAnalyzer":{"archiveRules":[{"name":"partner","equals":{"resource":["a"]},"contains":{"resource":["b"]}}]}}`}, nil,
			"threats.accessAnalyzer.archiveRules[0].contains.resource: equals has the key too; remove one of the two"},
		{"an archive rule for what is half public", map[string]string{"threats": `{"accessAnalyzer":{"archiveRules":[{"name":"partner","equals":{"isPublic":["yes"]}}]}}`}, nil,
			`threats.accessAnalyzer.archiveRules[0].equals.isPublic[0]: "yes" is neither true nor false`},
		{"Security Hub without home", map[string]string{"threats": `{"securityHub":{"regions":["us-east-1"],"existing":["eu-north-1"]}}`}, nil,
			"threats.securityHub.existing[0]: eu-north-1 is not among threats.securityHub.regions; name it there too\n" +
				"threats.securityHub.regions: the home Region eu-west-1 is missing, to which findings are aggregated; add it, or set threats.securityHub.aggregator to false"},
		{"a control of another standard", map[string]string{"threats": `{"securityHub":{"disabledControls":[{"id":"IAM.6","reason":"hardware keys are ordered","standards":["pci-dss/v/4.0.1"]}]}}`}, nil,
			"threats.securityHub.disabledControls[0].standards[0]: \"pci-dss/v/4.0.1\" is not among threats.securityHub.standards"},
		{"Lambda code alone", map[string]string{"threats": `{"inspector":{"enabled":true,"resourceTypes":["LAMBDA_CODE"]}}`}, nil,
			"threats.inspector.resourceTypes[0]: LAMBDA_CODE needs LAMBDA; add it"},
		{"action without target", map[string]string{"billing": `{"action":{"percent":120}}`}, nil, `billing.action.percent: needs billing.action.groups or billing.action.roles`},
		{"an action that stops who undoes it", map[string]string{"deployers": `["arn:aws:iam::123456789012:role/ci/deployer"]`, "billing": `{"monthlyBudget":{"enabled":false},"action":{"roles":["deployer"]}}`}, nil,
			"billing.action.roles[0]: \"deployer\" is arn:aws:iam::123456789012:role/ci/deployer of billing.action.breakGlass or deployers, which must never be stopped; remove it\n" +
				"billing.action: belongs to the monthly budget; it needs billing.monthlyBudget.enabled: true"},
		{"a deny policy that nobody could take back", map[string]string{"billing": `{"action":{"groups":["developers"],"policyArn":"arn:aws:iam::aws:policy/AWSDenyAll","breakGlass":["arn:aws:iam::123456789012:user/admin"]}}`}, nil,
			"billing.action.policyArn: a policy of your own may deny everything; name a role in billing.action.breakGlass or deployers, which can take it back"},
		{"a service that the metric does not know, another without amounts", map[string]string{"billing": `{"estimatedCharges":{"services":{"Amazon EC2":{"thresholds":[5]},"AmazonS3":{}}}}`}, nil,
			"billing.estimatedCharges.services.AmazonS3.thresholds: is missing\n" +
				"billing.estimatedCharges.services[\"Amazon EC2\"]: the name \"Amazon EC2\" is not a service of the metric, such as AmazonEC2"},
		{"a service without a name", map[string]string{"billing": `{"serviceBudgets":{" ":{"limit":5}}}`}, nil, `billing.serviceBudgets[" "]: the name " " is blank`},
		{"budgets without limits", map[string]string{"billing": `{"serviceBudgets":{"AWS Config":{}},"tagBudgets":[{"key":"team"}]}`}, nil, "billing.serviceBudgets[\"AWS Config\"].limit: is missing\nbilling.tagBudgets[0].limit: is missing\nbilling.tagBudgets[0].value: is missing"},
		{"eleven addresses", map[string]string{"billing": `{"emails":["a@example.com","b@example.com","c@example.com","d@example.com","e@example.com","f@example.com","g@example.com","h@example.com","i@example.com","j@example.com","k@example.com"]}`}, nil, "billing.emails: has 11 elements; the most is 10"},
		{"a day, an hour and a place that there are not", map[string]string{"billing": `{"report":{"day":"8","hour":24,"minute":60,"timeZone":"Mars/Olympus"}}`}, nil, "billing.report.day: \"8\" is not allowed; allowed: MON, TUE, WED, THU, FRI, SAT, SUN\nbilling.report.hour: 24 is too large; the most is 23\n" +
			"billing.report.minute: 60 is too large; the most is 59\nbilling.report.timeZone: \"Mars/Olympus\" is not a time zone of the IANA database, such as Asia/Tokyo"},
		{"a day that not every month has", map[string]string{"billing": `{"report":{"schedules":["monthly"],"dayOfMonth":29}}`}, nil, "billing.report.dayOfMonth: 29 is too large; the most is 28"},
		{"more than a budget can hold", map[string]string{"billing": `{"monthlyBudget":{"limit":1000000001},"action":{"groups":["developers"],"percent":1000001}}`}, nil, "billing.action.percent: 1000001 is too large; the most is 1000000\nbilling.monthlyBudget.limit: 1000000001 is too large; the most is 1000000000"},
		{"no billing but a budget", map[string]string{"billing": `{"enabled":false,"monthlyBudget":{"limit":5}}`}, nil, "billing.monthlyBudget: needs billing.enabled: true"},
		{"guards that are off", map[string]string{"billing": `{"monthlyBudget":{"enabled":false,"limit":5},"baselineBudget":{"enabled":false,"byTag":true},"estimatedCharges":{"enabled":false,"thresholds":[5]},"anomalyDetection":{"enabled":false,"digest":"DAILY"}}`}, nil,
			"billing.anomalyDetection.digest: needs billing.anomalyDetection.enabled: true\n" +
				"billing.baselineBudget.byTag: needs billing.baselineBudget.enabled: true\n" +
				"billing.estimatedCharges.thresholds: needs billing.estimatedCharges.enabled: true\n" +
				"billing.monthlyBudget.limit: needs billing.monthlyBudget.enabled: true"},
		{"two limits", map[string]string{"billing": `{"monthlyBudget":{"limit":5,"autoAdjust":"FORECAST"}}`}, nil,
			"billing.monthlyBudget.limit: AWS sets the limit with billing.monthlyBudget.autoAdjust; remove one of the two"},
		{"months of a forecast", map[string]string{"billing": `{"monthlyBudget":{"autoAdjust":"FORECAST","autoAdjustMonths":3}}`}, nil,
			"billing.monthlyBudget.autoAdjustMonths: needs billing.monthlyBudget.autoAdjust: HISTORICAL"},
		{"a threshold and a tag twice", map[string]string{"billing": `{"monthlyBudget":{"thresholds":[{"percent":50,"type":"ACTUAL"},{"percent":50,"type":"ACTUAL"}]},"tagBudgets":[{"key":"team","value":"a","limit":1},{"key":"team","value":"a","limit":2}]}`}, nil,
			"billing.monthlyBudget.thresholds[1]: is billing.monthlyBudget.thresholds[0] already; remove one of them\n" +
				"billing.tagBudgets[1]: is a budget of the tag of billing.tagBudgets[0]; remove one of them"},
		{"eleven thresholds", map[string]string{"billing": `{"monthlyBudget":{"thresholds":[{"percent":1,"type":"ACTUAL"},{"percent":2,"type":"ACTUAL"},{"percent":3,"type":"ACTUAL"},{"percent":4,"type":"ACTUAL"},{"percent":5,"type":"ACTUAL"},{"percent":6,"type":"ACTUAL"},{"percent":7,"type":"ACTUAL"},{"percent":8,"type":"ACTUAL"},{"percent":9,"type":"ACTUAL"},{"percent":10,"type":"ACTUAL"},{"percent":11,"type":"ACTUAL"}]}}`}, nil,
			"billing.monthlyBudget.thresholds: has 11 elements; the most is 10"},
		{"a threshold above AWS's highest", map[string]string{"billing": `{"monthlyBudget":{"thresholds":[{"percent":1000001,"type":"ACTUAL"}]}}`}, nil,
			"billing.monthlyBudget.thresholds[0].percent: 1000001 is too large; the most is 1000000"},
		{"tag and services", map[string]string{"billing": `{"baselineBudget":{"byTag":true,"services":["AWS Config"]}}`}, nil,
			"billing.baselineBudget.services: billing.baselineBudget.byTag counts what carries the tag; remove one of the two"},
		{"anomalies that nobody hears of", map[string]string{"billing": `{"anomalyDetection":{"immediate":false}}`}, nil,
			"billing.anomalyDetection.immediate: nobody would be told; set billing.anomalyDetection.digest, or billing.anomalyDetection.enabled: false"},
		{"a digest to nobody, OR of one", map[string]string{"billing": `{"anomalyDetection":{"digest":"DAILY","match":"OR","thresholdAmount":5}}`}, nil,
			"billing.anomalyDetection.digest: goes to billing.emails, which is empty; name an address\n" +
				"billing.anomalyDetection.match: OR needs billing.anomalyDetection.thresholdAmount and thresholdPercent; give both"},
		{"days of reports that do not come", map[string]string{"billing": `{"report":{"schedules":["daily"],"day":"SUN","dayOfMonth":3}}`}, nil,
			"billing.report.day: needs weekly in billing.report.schedules\n" +
				"billing.report.dayOfMonth: needs monthly in billing.report.schedules"},
		{"a time zone without a report", map[string]string{"billing": `{"report":{"schedules":[],"timeZone":"Asia/Tokyo"}}`}, nil,
			"billing.report.timeZone: needs billing.report.schedules"},

		{"a digest of nothing", map[string]string{"alerts": `{"digest":{"enabled":true}}`, "trail": `{"enabled":false}`, "config": `{"enabled":false}`, "threats": `{"enabled":false}`}, nil,
			"alerts.digest.enabled: there is nothing to look at: switch on trail.logs, config or threats, or the digest off"},
		{"the hour of no digest", map[string]string{"alerts": `{"digest":{"enabled":false,"hour":7}}`}, nil, "alerts.digest.hour: needs alerts.digest.enabled: true"},

		{"everything at once, sorted", map[string]string{"aws:region": "eu-wst-1", "profile": "strict", "alerts": `{"emails":["x"]}`, "trail": `{"name":"a"}`}, nil,
			"alerts.emails[0]: \"x\" is not an e-mail address\n" +
				"aws:region: \"eu-wst-1\" is not a Region; did you mean \"eu-west-1\"?\n" +
				"deployers: is empty; profile strict demands at least one: pulumi config set --path 'deployers[0]' arn:aws:iam::ACCOUNT:role/PATH/NAME\n" +
				"trail.name: \"a\" is not a trail name: 3 to 128 letters, digits, dots, underscores and hyphens, a letter or digit at both ends"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := stack{config: with(tt.config), secrets: tt.secrets}.load(t)
			require.EqualError(t, err, tt.want)
			assert.NotContains(t, err.Error(), "TOPSECRET")
		})
	}
}

func tags(n int) string {
	all := map[string]string{}
	for i := range n {
		all["k"+string(rune('a'+i/26))+string(rune('a'+i%26))] = "v"
	}
	text, _ := json.Marshal(all)
	return string(text)
}

func TestPartitions(t *testing.T) {
	for _, tt := range []struct{ name, home, key, config, want string }{
		{"Slack in China", "cn-north-1", "alerts", `{"slack":{"workspaceId":"T0123ABCDEF","channelId":"C0123ABCDEF"}}`,
			`alerts.slack: Amazon Q Developer in chat applications (AWS Chatbot) does not exist in the partition aws-cn; remove the key`},
		{"Slack in GovCloud", "us-gov-west-1", "alerts", `{"slack":{"workspaceId":"T0123ABCDEF","channelId":"C0123ABCDEF"}}`,
			`alerts.slack: Amazon Q Developer in chat applications (AWS Chatbot) does not exist in the partition aws-us-gov; remove the key`},
		{"runtime monitoring in China", "cn-north-1", "threats", `{"guardDuty":{"plans":{"runtimeMonitoring":true}}}`,
			`threats.guardDuty.plans.runtimeMonitoring: GuardDuty runtime monitoring does not exist in the partition aws-cn; remove the key`},
		{"budgets in GovCloud", "us-gov-west-1", "billing", `{"monthlyBudget":{"limit":10}}`,
			`billing.monthlyBudget: AWS Budgets does not exist in the partition aws-us-gov; remove the key`},
		{"a role of the wrong partition", "cn-north-1", "deployers", `["arn:aws:iam::123456789012:role/ci"]`,
			`deployers[0]: "arn:aws:iam::123456789012:role/ci" is an ARN of the partition aws, the home Region is in aws-cn`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := stack{config: map[string]string{"aws:region": tt.home, tt.key: tt.config}}.load(t)
			assert.EqualError(t, err, tt.want)
		})
	}
	t.Run("defaults for what the partition lacks are left out", func(t *testing.T) {
		s, err := stack{config: map[string]string{"aws:region": "us-gov-west-1"}}.load(t)
		require.NoError(t, err)
		assert.Equal(t, "aws-us-gov", s.Partition)
		assert.Equal(t, settings.BillingMonthlyBudget{}, s.Billing.MonthlyBudget)
		assert.True(t, s.Trail.Logs.Enabled)
	})
	t.Run("what is off needs nothing", func(t *testing.T) {
		_, err := stack{config: map[string]string{"aws:region": "cn-north-1", "threats": `{"guardDuty":{"plans":{"runtimeMonitoring":false}}}`}}.load(t)
		assert.NoError(t, err)
	})
}

func TestDefaultsPerProfile(t *testing.T) {
	deployers := `["arn:aws:iam::123456789012:role/ci/deployer"]`
	load := func(t *testing.T, profile string) *settings.Settings {
		t.Helper()
		s, err := stack{config: with(map[string]string{"profile": profile, "deployers": deployers, "alerts": `{"emails":["ops@example.com"]}`})}.load(t)
		require.NoError(t, err)
		assert.Empty(t, s.Warnings)
		assert.Equal(t, "eu-west-1", s.Home)
		assert.Equal(t, "aws", s.Partition)
		assert.Equal(t, []string{"all"}, s.Regions)
		assert.Equal(t, 2555, s.Archive.RetentionDays, "the same in every profile")
		assert.True(t, s.Trail.Enabled)
		assert.True(t, s.Trail.Groups.Enabled)
		return s
	}
	t.Run("starter", func(t *testing.T) {
		s := load(t, "starter")
		assert.Equal(t, "s3", s.Archive.Encryption)
		assert.False(t, s.Trail.Logs.Enabled)
		assert.False(t, s.Trail.MetricFilters.Enabled)
		assert.Equal(t, settings.ThreatsGuardDutyPlans{}, s.Threats.GuardDuty.Plans)
		assert.Equal(t, "DAILY", s.Config.Recording.Frequency)
		assert.Contains(t, s.Config.Recording.ResourceTypes, "AWS::IAM::Role")
	})
	t.Run("standard", func(t *testing.T) {
		s := load(t, "standard")
		assert.Equal(t, "kms", s.Archive.Encryption)
		assert.True(t, s.Trail.Logs.Enabled)
		assert.False(t, s.Archive.ObjectLock.Enabled)
		assert.Empty(t, s.Trail.DataEvents)
		assert.Equal(t, []settings.ArchiveTransition{{StorageClass: "GLACIER_IR", Days: 365}}, s.Archive.Transitions)
		assert.True(t, s.Threats.GuardDuty.Plans.RDSLoginEvents)
		assert.False(t, s.Threats.GuardDuty.Plans.RuntimeMonitoring)
		assert.Equal(t, []string{"weekly"}, s.Billing.Report.Schedules)
	})
	t.Run("strict", func(t *testing.T) {
		s := load(t, "strict")
		assert.Equal(t, settings.ArchiveObjectLock{Enabled: true, Mode: "GOVERNANCE", Days: 365}, s.Archive.ObjectLock)
		assert.True(t, s.Trail.DataEvents["s3Objects"].Enabled)
		assert.True(t, s.Trail.Insights.APICallRate)
		assert.True(t, s.Threats.GuardDuty.RuntimeAgents.EC2)
		assert.Equal(t, []string{"all"}, s.Threats.SecurityHub.Regions)
	})
}

func TestUserValuesWin(t *testing.T) {
	s, err := stack{config: with(map[string]string{
		"regions":    `["us-east-1","us-east-1","ap-northeast-1"]`,
		"tags":       `{"team":"platform","cost.center":4711,"pci":true}`,
		"disposable": "true",
		"alerts":     `{"emails":["a@example.com"],"critical":{"emails":["oncall@example.com"]},"slack":{"workspaceId":"T0123ABCDEF","channelId":"C0123ABCDEF"},"webhook":{"url":"https://hooks.example.com/x"}}`,
		"archive":    `{"bucketNames":{"trail":"my-logs"},"retentionDays":90,"encryption":"s3","readers":["arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/*Auditor*"]}`,
		"trail":      `{"name":"audit","logs":{"retentionDays":30},"groups":{"readers":"auditors"}}`,
		"checklist":  `{"done":["enableRootMfa"]}`,
	}), secrets: []string{"alerts"}}.load(t)
	require.NoError(t, err)
	assert.Equal(t, []string{"us-east-1", "us-east-1", "ap-northeast-1"}, s.Regions, "merged where they are resolved")
	assert.Equal(t, map[string]string{"team": "platform", "cost.center": "4711", "pci": "true"}, s.Tags)
	assert.True(t, s.Disposable)
	assert.Equal(t, []string{"oncall@example.com"}, s.Alerts.Critical.Emails)
	assert.Equal(t, "my-logs", s.Archive.BucketNames.Trail)
	assert.Equal(t, 90, s.Archive.RetentionDays)
	assert.Empty(t, s.Archive.Transitions, "the default transition is later than the retention")
	assert.Equal(t, "s3", s.Archive.Encryption)
	assert.Equal(t, settings.TrailLogs{Enabled: true, RetentionDays: 30}, s.Trail.Logs)
	assert.Equal(t, "auditors", s.Trail.Groups.Readers)
	assert.Equal(t, []string{"enableRootMfa"}, s.Checklist.Done)
	assert.True(t, s.Given("archive.bucketNames"))
	assert.False(t, s.Given("archive.bucket"))
	assert.False(t, s.Given("trail.logs.enabled"))
	require.NotNil(t, s.Alerts.Webhook.URL)
	text, err := json.Marshal(s.Values)
	require.NoError(t, err)
	assert.NotContains(t, string(text), "hooks.example.com")
}

func TestTheWebhookIsASecretOutput(t *testing.T) {
	s, err := stack{config: with(map[string]string{"alerts": `{"webhook":{"url":"https://hooks.example.com/x"}}`}), secrets: []string{"alerts"}}.load(t)
	require.NoError(t, err)
	url, ok := s.Alerts.Webhook.URL.(pulumi.StringOutput)
	require.True(t, ok)
	assert.True(t, pulumi.IsSecret(url))
	assert.Len(t, s.Warnings, 1, "no deployers")
}

func TestEveryProfileIsARightConfiguration(t *testing.T) {
	for _, region := range []string{"ap-northeast-1", "cn-north-1", "us-gov-east-1"} {
		for _, profile := range schema.Profiles {
			for _, extra := range []map[string]string{
				{},
				{"disposable": "true"},
				{"trail": `{"enabled":false}`},
				{"archive": `{"central":{"bucket":"org-logs"}}`},
				{"archive": `{"retentionDays":1}`},
				{"archive": `{"retentionDays":0}`},
				{"archive": `{"encryption":"s3"}`},
				{"trail": `{"logs":{"enabled":false}}`},
				{"alerts": "", "trail": "null", "archive": "{}", "tags": `{"a":null}`},
			} {
				in := map[string]string{"aws-cn": "arn:aws-cn", "aws-us-gov": "arn:aws-us-gov"}[map[string]string{"cn-north-1": "aws-cn", "us-gov-east-1": "aws-us-gov"}[region]]
				if in == "" {
					in = "arn:aws"
				}
				config := map[string]string{"aws:region": region, "profile": profile, "deployers": `["` + in + `:iam::123456789012:role/ci/x"]`}
				for k, v := range extra {
					config[k] = v
				}
				s, err := stack{config: config}.load(t)
				require.NoError(t, err, "%s %s %v", region, profile, extra)
				if s.Disposable || s.Archive.Central.Bucket != "" {
					assert.False(t, s.Archive.ObjectLock.Enabled)
				}
				if s.Archive.RetentionDays != 0 {
					assert.LessOrEqual(t, s.Archive.ObjectLock.Days, s.Archive.RetentionDays)
				}
				if !s.Trail.Enabled || !s.Trail.Logs.Enabled {
					assert.False(t, s.Trail.MetricFilters.Enabled)
				}
			}
		}
	}
}

func TestWarnings(t *testing.T) {
	deployers := `["arn:aws:iam::123456789012:role/ci/deployer"]`
	emails := `{"emails":["ops@example.com"]}`
	for _, tt := range []struct {
		name   string
		config map[string]string
		want   []string
	}{
		{"no deployers", map[string]string{"alerts": emails}, []string{"deployers is empty: "}},
		{"sandbox", map[string]string{"alerts": emails, "deployers": deployers, "disposable": "true"}, []string{"disposable: "}},
		{"no trail", map[string]string{"alerts": emails, "deployers": deployers, "trail": `{"enabled":false}`}, []string{"trail.enabled is false: "}},
		{"no log group", map[string]string{"alerts": emails, "deployers": deployers, "trail": `{"logs":{"enabled":false}}`}, []string{"trail.logs.enabled is false, which is weaker than profile standard"}},
		{"weaker encryption", map[string]string{"alerts": emails, "deployers": deployers, "archive": `{"encryption":"s3"}`}, []string{"archive.encryption is s3, which is weaker than profile standard"}},
		{"no reader", map[string]string{"alerts": emails, "deployers": deployers, "trail": `{"groups":{"enabled":false}}`}, []string{"nobody can read the logs"}},
		{"a central bucket needs no deployers", map[string]string{"alerts": emails, "profile": "strict", "archive": `{"central":{"bucket":"central-logs"}}`}, nil},
		{"KMS events left out", map[string]string{"alerts": emails, "deployers": deployers, "trail": `{"managementEvents":{"excludeKms":true}}`}, []string{"trail.managementEvents.excludeKms: nobody is told"}},
		{"changes of the deployer ignored", map[string]string{"alerts": `{"emails":["a@example.com"],"ignoreChangesBy":["arn:aws:iam::123456789012:role/ci/deployer"]}`, "deployers": deployers}, []string{"alerts.ignoreChangesBy: who takes over one of these 1 identities"}},
		{"strict without lock", map[string]string{"alerts": emails, "deployers": deployers, "profile": "strict", "archive": `{"objectLock":{"enabled":false}}`}, []string{"archive.objectLock is off, which is weaker than profile strict"}},
		{"compliance", map[string]string{"alerts": emails, "deployers": deployers, "archive": `{"objectLock":{"enabled":true,"mode":"COMPLIANCE","days":30}}`}, []string{"archive.objectLock.mode is COMPLIANCE: for 30 days nobody can delete"}},
		{"short retention", map[string]string{"alerts": emails, "deployers": deployers, "archive": `{"retentionDays":90}`}, []string{"archive.retentionDays is 90: "}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := stack{config: with(tt.config)}.load(t)
			require.NoError(t, err)
			require.Len(t, s.Warnings, len(tt.want), s.Warnings)
			for i, want := range tt.want {
				assert.True(t, strings.HasPrefix(s.Warnings[i], want), s.Warnings[i])
			}
		})
	}
}

func TestHomeRegion(t *testing.T) {
	_, err := stack{}.load(t)
	assert.EqualError(t, err, "aws:region: is not set; set the home Region: pulumi config set aws:region REGION, such as ap-northeast-1")
	for _, variable := range []string{"AWS_REGION", "AWS_DEFAULT_REGION"} {
		t.Setenv("AWS_REGION", "")
		t.Setenv("AWS_DEFAULT_REGION", "")
		t.Setenv(variable, "us-west-2")
		require.NoError(t, pulumi.RunErr(func(ctx *pulumi.Context) error {
			s, err := settings.Load(ctx)
			require.NoError(t, err)
			assert.Equal(t, "us-west-2", s.Home)
			assert.Equal(t, pulumi.String("us-west-2"), s.Provider.Region)
			return nil
		}, pulumi.WithMocks(project, "test", &counter{})))
	}
}

func TestProviderArguments(t *testing.T) {
	s, err := stack{config: with(map[string]string{
		"aws:profile":           "audit",
		"aws:allowedAccountIds": `["123456789012",210987654321]`,
		"aws:assumeRole":        `{"roleArn":"arn:aws:iam::123456789012:role/ci","externalId":"x","policyArns":["arn:aws:iam::aws:policy/ReadOnlyAccess"],"tags":{"a":"b"}}`,
		"aws:defaultTags":       `{"tags":{"team":"platform"}}`,
		"aws:ignoreTags":        `{"keys":["x"],"keyPrefixes":["y"]}`,
		"aws:endpoints":         `[{"s3":"http://localhost:4566"}]`,
		"aws:maxRetries":        "5",
		"aws:useFipsEndpoint":   "true",
		"aws:token":             "t",
	}), secrets: []string{"aws:assumeRole"}}.load(t)
	require.NoError(t, err)
	p := s.Provider
	assert.Equal(t, pulumi.String("eu-west-1"), p.Region)
	assert.Equal(t, pulumi.String("audit"), p.Profile)
	assert.Equal(t, pulumi.StringArray{pulumi.String("123456789012"), pulumi.String("210987654321")}, p.AllowedAccountIds)
	assert.Equal(t, aws.ProviderDefaultTagsArgs{Tags: pulumi.StringMap{"team": pulumi.String("platform")}}, p.DefaultTags)
	assert.Equal(t, aws.ProviderIgnoreTagsArgs{Keys: pulumi.StringArray{pulumi.String("x")}, KeyPrefixes: pulumi.StringArray{pulumi.String("y")}}, p.IgnoreTags)
	assert.Equal(t, aws.ProviderEndpointArray{aws.ProviderEndpointArgs{S3: pulumi.String("http://localhost:4566")}}, p.Endpoints)
	assert.Equal(t, pulumi.Int(5), p.MaxRetries)
	assert.Equal(t, pulumi.Bool(true), p.UseFipsEndpoint)
	for _, secret := range []any{p.AssumeRole, p.Token} {
		o, ok := secret.(pulumi.Output)
		require.True(t, ok, "%T", secret)
		assert.True(t, pulumi.IsSecret(o))
	}
}

// Every argument of the provider can be given, in plain text and as a secret.
func TestEveryProviderArgumentIsForwarded(t *testing.T) {
	args := reflect.TypeFor[aws.ProviderArgs]()
	for i := range args.NumField() {
		name := strings.ToLower(args.Field(i).Name[:1]) + args.Field(i).Name[1:]
		text := map[string]string{
			"BoolPtrInput": "true", "IntPtrInput": "3", "StringArrayInput": `["x"]`, "StringPtrInput": "eu-west-1",
			"ProviderAssumeRolePtrInput": `{"roleArn":"x"}`, "ProviderAssumeRoleWithWebIdentityPtrInput": `{"roleArn":"x"}`,
			"ProviderDefaultTagsPtrInput": `{"tags":{"a":"b"}}`, "ProviderIgnoreTagsPtrInput": `{"keys":["a"]}`, "ProviderEndpointArrayInput": `[{"sts":"http://x"}]`,
		}[args.Field(i).Type.Name()]
		require.NotEmpty(t, text, args.Field(i).Type.Name())
		for _, secrets := range [][]string{nil, {"aws:" + name}} {
			s, err := stack{config: with(map[string]string{"aws:" + name: text}), secrets: secrets}.load(t)
			require.NoError(t, err, name)
			assert.False(t, reflect.ValueOf(s.Provider).Field(i).IsNil(), name)
		}
	}
}

func TestProviderMistakes(t *testing.T) {
	for _, tt := range []struct{ key, value, want string }{
		{"aws:assumeRoles", `[{}]`, `aws:assumeRoles: the AWS provider has no such setting, so it cannot be forwarded to the providers of other Regions; did you mean "assumeRole"?`},
		{"aws:frobnicate", `1`, `aws:frobnicate: the AWS provider has no such setting, so it cannot be forwarded to the providers of other Regions`},
		{"aws:maxRetries", `many`, `aws:maxRetries: is not a whole number`},
		{"aws:insecure", `perhaps`, `aws:insecure: is not a switch; true or false is needed`},
		{"aws:assumeRole", `arn:aws:iam::123456789012:role/ci`, `aws:assumeRole: is not a structured value; set its keys with: pulumi config set --path aws:assumeRole.duration VALUE`},
		{"aws:assumeRole", `{"roleARN":"x"}`, `aws:assumeRole: has the unknown key roleARN; did you mean "roleArn"?`},
		{"aws:assumeRole", `{"duration":60}`, `aws:assumeRole: its key duration is not a text`},
		{"aws:assumeRole", `[]`, `aws:assumeRole: is not a set of keys with values`},
		{"aws:defaultTags", `{"tags":["x"]}`, `aws:defaultTags: its key tags is not a set of names with texts`},
		{"aws:allowedAccountIds", `123`, `aws:allowedAccountIds: is not a list`},
		{"aws:allowedAccountIds", `[true]`, `aws:allowedAccountIds: is not a list of texts`},
		{"aws:endpoints", `{"s3":"x"}`, `aws:endpoints: is not a list`},
		{"aws:endpoints", `[{"s4":"x"}]`, `aws:endpoints: has the unknown key s4; did you mean "s3"?`},
	} {
		_, err := stack{config: with(map[string]string{tt.key: tt.value})}.load(t)
		assert.EqualError(t, err, tt.want)
	}
}

// What is derived from the schema is as `go generate ./components/settings` writes it.
func TestGenerated(t *testing.T) {
	types, err := render.GoTypes(schema.Root())
	require.NoError(t, err)
	tree, err := render.Tree(schema.Root())
	require.NoError(t, err)
	for path, want := range map[string]string{
		"values.go":                string(types),
		"../../docs/settings.json": string(tree),
		"../../docs/settings.md":   string(render.Markdown(schema.Root())),
	} {
		got, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Equal(t, want, string(got), "%s is stale: go generate ./components/settings", path)
	}
	project, err := os.ReadFile("../../Pulumi.yaml")
	require.NoError(t, err)
	assert.True(t, strings.HasSuffix(string(project), "\n"+string(render.PulumiConfig(schema.Root()))), "the config section of Pulumi.yaml is stale: go generate ./components/settings")
}

// Every default passes the checks that a user's value has to pass.
func TestDefaultsPassTheirOwnChecks(t *testing.T) {
	for _, profile := range schema.Profiles {
		for _, n := range schema.Root().Fields {
			checkDefaults(t, profile, n, n.Name)
		}
	}
}

func checkDefaults(t *testing.T, profile string, n *schema.Node, path string) {
	t.Helper()
	if v := n.Default(profile); v != nil && path != "profile" {
		steps := strings.Split(path, ".")
		for _, step := range slices.Backward(steps[1:]) {
			v = map[string]any{step: v}
		}
		text, err := json.Marshal(v)
		require.NoError(t, err)
		aws, _ := partition.ByID("aws")
		config := map[string]schema.Given{"profile": {Text: profile}, steps[0]: {Text: strings.Trim(string(text), `"`)}}
		assert.Empty(t, schema.Decode(schema.Root(), config, schema.Place{Partition: aws}).Problems, "default of %s in %s", path, profile)
	}
	for _, f := range n.Fields {
		checkDefaults(t, profile, f, path+"."+f.Name)
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
