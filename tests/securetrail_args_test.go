package tests

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"github.com/seed-8894d46d/account-baseline/components/logarchive"
	"github.com/seed-8894d46d/account-baseline/components/securetrail"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// refusal is the error of a trail component, and what was registered before it.
func refusal(t *testing.T, m testkit.Mode, args securetrail.SecureTrailArgs) (*testkit.Deployment, error) {
	t.Helper()
	var refused error
	d, _ := testkit.RunErr(t, testkit.Options{DryRun: m.DryRun}, func(ctx *pulumi.Context) error {
		_, refused = securetrail.NewSecureTrail(ctx, "audit", &args)
		return refused
	})
	return d, refused
}

func TestTrailArgsAreRefused(t *testing.T) {
	number := func(n int) *int { return &n }
	long := strings.Repeat("a", 39)
	const retention = `0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653`
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		for _, row := range []struct {
			args securetrail.SecureTrailArgs
			want string
		}{
			{securetrail.SecureTrailArgs{NamePrefix: "Upper"}, `NamePrefix: "Upper" may hold lower-case letters, digits and single hyphens only, and begins and ends with a letter or digit`},
			{securetrail.SecureTrailArgs{NamePrefix: "trail-"}, `NamePrefix: "trail-" may hold lower-case letters, digits and single hyphens only, and begins and ends with a letter or digit`},
			{securetrail.SecureTrailArgs{NamePrefix: long}, `NamePrefix: "` + long + `" is 39 characters long, at most 38 are possible`},
			{securetrail.SecureTrailArgs{Archive: &logarchive.LogArchive{TrailBucketName: "logs", ReaderRoleName: "reader"}, ArchiveArgs: &logarchive.LogArchiveArgs{}},
				`ArchiveArgs: has no effect beside Archive; leave out one of them`},
			{securetrail.SecureTrailArgs{LogRetentionDays: number(2)}, `LogRetentionDays: CloudWatch Logs does not take 2; it takes ` + retention},
			{securetrail.SecureTrailArgs{LogRetentionDays: number(-1)}, `LogRetentionDays: CloudWatch Logs does not take -1; it takes ` + retention},
			{securetrail.SecureTrailArgs{AdministratorsName: "trail admins"}, `AdministratorsName: "trail admins" is no name of an IAM group: 1 to 128 letters, digits and +=,.@_-`},
			{securetrail.SecureTrailArgs{ReadersName: "team/readers"}, `ReadersName: "team/readers" is no name of an IAM group: 1 to 128 letters, digits and +=,.@_-`},
			{securetrail.SecureTrailArgs{ReadersName: strings.Repeat("r", 129)}, `ReadersName: "` + strings.Repeat("r", 129) + `" is no name of an IAM group: 1 to 128 letters, digits and +=,.@_-`},
			{securetrail.SecureTrailArgs{AdministratorsName: "auditors", ReadersName: "Auditors"}, `ReadersName: "Auditors" is the administrators' group too; choose another`},
			{securetrail.SecureTrailArgs{Archive: &logarchive.LogArchive{TrailBucketName: "logs"}}, `OmitReaders: the given Archive omits the reader role, so that readers could read nothing; set OmitReaders`},
			{securetrail.SecureTrailArgs{OmitReaders: true, Archive: &logarchive.LogArchive{}}, `field Archive: it was made with OmitTrailBucket, so that no trail can deliver to it; give another`},
			{securetrail.SecureTrailArgs{NamePrefix: "A", LogRetentionDays: number(2), ReadersName: "?"},
				`NamePrefix: "A" is shorter than 3 characters, the least for a bucket or trail` + "\n" +
					`LogRetentionDays: CloudWatch Logs does not take 2; it takes ` + retention + "\n" +
					`ReadersName: "?" is no name of an IAM group: 1 to 128 letters, digits and +=,.@_-`},
		} {
			d, err := refusal(t, m, row.args)
			assert.EqualError(t, err, `secure trail "audit": `+row.want)
			d.NothingRegistered()
		}
	})
}

// TestTrailRefusesWrongArgumentsOfItsArchive: wrong ArchiveArgs name the archive, and nothing reaches AWS.
func TestTrailRefusesWrongArgumentsOfItsArchive(t *testing.T) {
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		d, err := refusal(t, m, securetrail.SecureTrailArgs{ArchiveArgs: &logarchive.LogArchiveArgs{Encryption: "none"}})
		assert.ErrorContains(t, err, `Encryption: "none" is neither "kms" nor "s3"`)
		for _, r := range d.All() {
			assert.False(t, r.Custom, r.URN)
		}
	})
}

func TestTrailTakesEveryRetentionOfCloudWatchLogs(t *testing.T) {
	for _, days := range []int{0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653} {
		d := deployTrail(t, testkit.Options{}, &securetrail.SecureTrailArgs{LogRetentionDays: &days})
		assert.EqualValues(t, days, d.Only(logGroupType).Get("retentionInDays"))
	}
}

func TestTrailGroupsCanBeNamed(t *testing.T) {
	named := deployTrail(t, testkit.Options{}, &securetrail.SecureTrailArgs{AdministratorsName: "Trail.Admins", ReadersName: "Auditors@Security"})
	assert.Equal(t, "Trail.Admins", named.One(groupType, "audit-administrators").String("name"))
	assert.Equal(t, "Auditors@Security", named.One(groupType, "audit-readers").String("name"))
	assert.Equal(t, deployTrail(t, testkit.Options{}, nil).Names(groupType), named.Names(groupType), "a rename keeps the URN")
}
