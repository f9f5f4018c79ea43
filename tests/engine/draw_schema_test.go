package engine_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// This file draws settings of any kind from docs/settings.json, the tree of all settings with their limits.

// settingKey is a key of that tree.
type settingKey struct {
	Name, Type  string
	Keys        []*settingKey
	Elements    *settingKey
	Names       []string
	NamesLike   string
	Choices     []string
	Numbers     []int
	Least, Most float64
	MaxItems    int
	Like        string
	Unique      bool
	Required    []string
}

func readSettingKeys(t *testing.T) (trees []*settingKey) {
	t.Helper()
	text, err := os.ReadFile("../../docs/settings.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &trees))
	return trees
}

// leaves are the paths of the keys that hold values, with [] for the elements of lists and .NAME for the entries of maps, each
// of few values by itself.
func (k *settingKey) leaves(path string) (paths []string) {
	switch k.Type {
	case "object":
		for _, inner := range k.Keys {
			paths = append(paths, inner.leaves(path+"."+inner.Name)...)
		}
		return paths
	case "list":
		return k.Elements.leaves(path + "[]")
	case "map":
		return k.Elements.leaves(path + ".NAME")
	case "boolean":
		return []string{path + ": false", path + ": true"}
	}
	for _, choice := range k.Choices {
		paths = append(paths, path+": "+choice)
	}
	if paths == nil {
		paths = []string{path}
	}
	return paths
}

// drawnElsewhere are keys that are drawn otherwise: by settings and config, which know what depends on what, and by found, which
// sees to it that what they name exists.
var drawnElsewhere = func() *regexp.Regexp {
	paths := append([]string{"profile", "regions", "disposable", "deployers", "config", "archive.central"}, foundPaths...)
	return regexp.MustCompile(`^(` + strings.ReplaceAll(strings.Join(paths, "|"), ".", `\.`) + `)(\.|$)`)
}()

// onceDrawn are names that replace what they name, of which all draws of a stack agree.
var onceDrawn = []string{"archive.bucketNames", "trail.name"}

// samples are texts and names by path, or else by what the tree says that they are like.
var samples = map[string][]string{
	"trail.organization.id":                            {"o-a1b2c3d4e5"},
	"archive.bucketNames.trail":                        {"example-trail-123456789012"},
	"archive.bucketNames.delivery":                     {"example-delivery-123456789012"},
	"archive.bucketNames.accessLogs":                   {"example-access-logs-123456789012"},
	"archive.prefix":                                   {"logs", "security/logs"},
	"billing.action.groups[]":                          {groupOfWorld},
	"billing.action.roles[]":                           {roleOfWorld},
	"hardening.supportRole.name":                       {"Support", "support-cases"},
	"hardening.auditRole.name":                         {"Audit", "audit-readers"},
	"threats.guardDuty.malwareProtectedBuckets[].name": {bucketOfWorld},

	"a Region of the home Region's partition": {home},
	"a Region":             {home},
	"the ARN of a KMS key": {keyOfWorld},
	"at most 256 letters, digits, spaces and _.:/=+-@": {"platform", "4711", "a b", ""},
	"the ARN of an IAM role or user with its path":     {continuousIntegration, identityCenter, userWithAccessKey},
	"the ARN of an IAM role or user":                   {"arn:aws:iam::123456789012:role/auditors/*", "arn:aws:iam::123456789012:role/forensics"},
	"an e-mail address":                                {"security@example.com", "Oncall+aws@example.com", "o'hara@example.org"},
	"capital letters and digits, such as T0123ABCDEF":  {"T0123ABCDEF", "T0123ABCDEG"},
	"C or G and capital letters and digits":            {"C0123ABCDEF", "G0123ABCDEG"},
	"a Slack channel id":                               {"C0123ABCDEH", "C0123ABCDEI"},
	"the ARN of an IAM policy":                         {"arn:aws:iam::aws:policy/AWSDenyAll", "arn:aws:iam::aws:policy/ReadOnlyAccess"},
	"a time zone, such as Asia/Tokyo":                  {"Asia/Tokyo", "UTC", "America/New_York"},
	"3 to 128 letters, digits and single ._-":          {"everything"},
	"an IAM group name":                                {"Administrators", "Readers", "trail.people"},
	"the beginning of an ARN": {
		"arn:aws:s3:::example-data/", "arn:aws:lambda:ap-northeast-1:123456789012:function:example", "arn:aws:dynamodb:ap-northeast-1:123456789012:table/example",
	},
	"3 to 64 letters, digits, dots, underscores and hyphens": {"known-good", "scanner", "build.hosts"},
	"1 to 512 characters without line breaks":                {"It is ours", `a "scanner" of ours, 100 %`},
	"a text": {"one", "*", `a "quoted" text`},
	"the URL of an object, such as s3://BUCKET/KEY":                             {"s3://lists/one.txt", "https://s3.amazonaws.com/lists/one.txt", "https://lists.s3.us-east-1.amazonaws.com/one.txt"},
	"the start of a key":                                                        {"incoming/", "a"},
	"a letter, then at most 254 letters, digits, dots, underscores and hyphens": {"partners", "build.accounts"},
	"a control, such as IAM.6":                                                  {"IAM.6", "S3.9", "EC2.8"},
	"a tag key":                                                                 {"team", "cost.center"},
	"a tag value":                                                               {"platform", ""},
	"the name of a service, such as AWS Config":                                 {"AWS Config", "Amazon GuardDuty", "AWS CloudTrail"},
	"3 to 63 lower-case letters, digits and single hyphens":                     {"example-team", "example"},
	"at most 64 characters":                                                     {"Security", "Möller"},
	"at most 50 characters":                                                     {"On call"},
	"at most 25 digits, spaces and +()-":                                        {"+81 3 0000 0000", "(03) 0000-0000"},
	"2 to 1224 letters, digits and +=,.@:/_-":                                   {"example-7"},

	"1 to 128 letters, digits, spaces and _.:/=+-@, not starting with aws:": {"team", "cost.center", "Größe"},
	"a field of a finding":                                         {"type", "resource.instanceDetails.instanceId", "service.action.networkConnectionAction.remoteIpDetails.ipAddressV4"},
	"a filter key of archive rules, such as principal.AWS":         {"principal.AWS", "resource", "isPublic"},
	"the name of a service, such as Amazon Simple Storage Service": {"Amazon Simple Storage Service", "AWS Lambda"},
	"a service of the metric, such as AmazonEC2":                   {"AmazonEC2", "AmazonS3"},
	"a volume, such as managementEvents":                           {"managementEvents", "instances", "alerts"},
}

// drawer draws from the tree for a home Region and others.
type drawer struct {
	*rand.Rand
	t       *testing.T
	regions []string
	world   world
}

// tree draws a whole tree; nil: nothing of it.
func (d *drawer) tree(k *settingKey) any {
	if drawnElsewhere.MatchString(k.Name) {
		return nil
	}
	return d.value(k, k.Name)
}

// value is nil where there is nothing to draw.
func (d *drawer) value(k *settingKey, path string) any {
	switch k.Type {
	case "object":
		all := map[string]any{}
		for _, inner := range k.Keys {
			at := path + "." + inner.Name
			if drawnElsewhere.MatchString(at) || !slices.Contains(k.Required, inner.Name) && d.IntN(3) > 0 {
				continue
			}
			if value := d.value(inner, at); value != nil {
				all[inner.Name] = value
			}
		}
		return all
	case "list":
		return d.list(k, path)
	case "map":
		all := map[string]any{}
		for range 1 + d.IntN(2) {
			name := d.text(k.Names, k.NamesLike, path+".NAME")
			if strings.HasSuffix(path, ".vpcs") {
				name = home // where the VPC is
			}
			all[name] = d.value(k.Elements, path+".NAME")
		}
		return all
	case "boolean":
		return d.IntN(2) == 0
	case "integer", "number":
		return d.number(k, path)
	case "secret":
		return map[string]any{"secure": encrypted(d.t, one(d, []string{webhookURL, otherWebhookURL}))}
	}
	return d.text(k.Choices, k.Like, path)
}

func (d *drawer) list(k *settingKey, path string) any {
	most := 3
	if k.MaxItems > 0 {
		most = min(most, k.MaxItems)
	}
	list := []any{}
	for range 1 + d.IntN(most) {
		value := d.value(k.Elements, path+"[]")
		same := func(other any) bool { return fmt.Sprint(other) == fmt.Sprint(value) }
		if !slices.ContainsFunc(list, same) {
			list = append(list, value)
		}
	}
	return list
}

// number prefers the small ones: a limit of a billion tells nothing about one of ten.
func (d *drawer) number(k *settingKey, path string) any {
	if len(k.Numbers) > 0 {
		return one(d, k.Numbers)
	}
	require.Greater(d.t, k.Most, k.Least, "%s has no limits", path)
	most := min(k.Most, k.Least+1000)
	if k.Type == "integer" {
		return int(k.Least) + d.IntN(int(most-k.Least)+1)
	}
	return float64(int((k.Least+d.Float64()*(most-k.Least))*100)) / 100
}

func (d *drawer) text(choices []string, like, path string) string {
	if len(choices) > 0 {
		return one(d, choices)
	}
	if like == "a Region" {
		region := one(d, d.regions)
		if path == "threats.macie.regions[]" && region == "ca-west-1" { // which lacks Macie, and is taken at its word
			return home
		}
		return region
	}
	from := samples[path]
	if from == nil {
		from = samples[like]
	}
	if like == "a VPC id, such as vpc-0123456789abcdef0" {
		from = []string{d.world.vpc}
	}
	require.NotEmpty(d.t, from, "there are no samples for %s, which is %q", path, like)
	return one(d, from)
}

// central is a bucket of the archive in another account, which stands alone: nothing of the stack's own is left then.
func (d *drawer) central() map[string]any {
	central := map[string]any{"bucket": centralOfWorld}
	if d.IntN(2) == 0 {
		central["keyArn"] = centralKeyOfWorld
	}
	if d.IntN(2) == 0 {
		central["prefix"] = one(d, []string{"team", "accounts/team"})
	}
	return map[string]any{"central": central}
}

// keep notes which keys of the tree were drawn, and which of few values.
func (k *settingKey) keep(value any, path string, drawn map[string]bool) {
	switch value := value.(type) {
	case map[string]any:
		if k.Type == "secret" {
			drawn[path] = true
			return
		}
		for name, inner := range value {
			if k.Type == "map" {
				k.Elements.keep(inner, path+".NAME", drawn)
				continue
			}
			for _, key := range k.Keys {
				if key.Name == name {
					key.keep(inner, path+"."+name, drawn)
				}
			}
		}
	case []any:
		for _, inner := range value {
			k.Elements.keep(inner, path+"[]", drawn)
		}
	case string:
		drawn[path] = true
		if k.Type == "list" { // the word all
			drawn[path+"[]"] = true
			return
		}
		drawn[path+": "+value] = true
	case bool:
		drawn[path], drawn[fmt.Sprintf("%s: %v", path, value)] = true, true
	default:
		drawn[path] = true
	}
}
