package configbaseline

import (
	"cmp"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cfg"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const (
	service = "config.amazonaws.com"
	// linkedRole is the one role whose recordings scanners accept (Security Hub's control Config.1).
	linkedRole = "role/aws-service-role/" + service + "/AWSServiceRoleForConfig"
	// defaultName is the console's, which there is one of in each Region.
	defaultName = "default"
)

// newRole makes or imports the role by which AWS Config reads the account
// (https://docs.aws.amazon.com/config/latest/developerguide/using-service-linked-roles.html).
func (b *builder) newRole() error {
	b.baseline.RoleArn = pulumi.String(b.where.IAM(linkedRole)).ToStringOutput()
	opts := []pulumi.ResourceOption{pulumi.Parent(b.baseline)}
	switch b.args.serviceLinkedRole() {
	case UseExisting:
		return nil
	case AdoptExisting:
		// What is adopted keeps what says whose it was.
		opts = append(opts, pulumi.Import(pulumi.ID(b.where.IAM(linkedRole))), pulumi.IgnoreChanges([]string{"description", "tags", "tagsAll"}))
	}
	role, err := iam.NewServiceLinkedRole(b.ctx, b.name+"-role", &iam.ServiceLinkedRoleArgs{
		AwsServiceName: pulumi.String(service),
		Tags:           b.tags,
	}, opts...)
	if err != nil {
		return err
	}
	b.role = []pulumi.Resource{role}
	return nil
}

// newRecorder declares what records a Region, in the order AWS demands: the recorder, the delivery channel, the start
// (https://docs.aws.amazon.com/config/latest/developerguide/stop-start-recorder.html). It returns what has to exist before a
// rule; nothing where both exist already.
func (b *builder) newRecorder(region string) ([]pulumi.Resource, error) {
	given := b.args.Recorders[region]
	if given.Existing != "" {
		_, err := b.newChannel(region, nil)
		b.recorders[region] = pulumi.String(given.Existing)
		return nil, err
	}
	name := cmp.Or(given.Adopt, defaultName)
	recorder, err := cfg.NewRecorder(b.ctx, b.name+"-recorder-"+region, &cfg.RecorderArgs{
		Name:           pulumi.String(name),
		RoleArn:        pulumi.String(b.where.IAM(linkedRole)),
		RecordingGroup: b.plan.group(region),
		RecordingMode:  b.plan.mode(region),
	}, b.in(region, b.role...)...)
	if err != nil {
		return nil, err
	}
	channel, err := b.newChannel(region, recorder)
	if err != nil {
		return nil, err
	}
	status, err := cfg.NewRecorderStatus(b.ctx, b.name+"-status-"+region, &cfg.RecorderStatusArgs{
		Name:      recorder.Name,
		IsEnabled: pulumi.Bool(true),
	}, b.in(region, append(channel, recorder)...)...)
	if err != nil {
		return nil, err
	}
	b.recorders[region] = recorder.Name
	return []pulumi.Resource{recorder, status}, nil
}

// newHistoryRetention bounds how long AWS Config keeps configuration items itself
// (https://docs.aws.amazon.com/config/latest/developerguide/delete-config-data-with-retention-period.html).
func (b *builder) newHistoryRetention(region string, recorded []pulumi.Resource) error {
	if b.args.HistoryRetentionDays == 0 {
		return nil
	}
	_, err := cfg.NewRetentionConfiguration(b.ctx, b.name+"-history-"+region, &cfg.RetentionConfigurationArgs{
		RetentionPeriodInDays: pulumi.Int(b.args.HistoryRetentionDays),
	}, b.in(region, recorded...)...)
	return err
}
