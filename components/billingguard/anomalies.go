package billingguard

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/costexplorer"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/internal/partition"
)

// newAnomalies declares the monitor of all services, of which AWS allows one per account, and who is told
// (https://docs.aws.amazon.com/cost-management/latest/userguide/getting-started-ad.html).
func (b *builder) newAnomalies() error {
	args := b.args.Anomalies
	if b.lacks(partition.AnomalyDetection) {
		return nil
	}
	if args.Omit {
		b.gap("Nobody looks for unusual spending (Anomalies.Omit)")
		return nil
	}
	if err := b.newMonitor(args.Monitor); err != nil {
		return err
	}
	immediate, digest := b.args.Alerts != nil && !args.OmitImmediate, b.digest()
	if !immediate && digest == "" {
		b.gap("Nobody is told of unusual spending (Alerts, Emails)")
	}
	if immediate {
		// Only a topic may be told at once, only one, and a digest only by mail:
		// https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_AnomalySubscription.html
		topic := costexplorer.AnomalySubscriptionSubscriberArray{costexplorer.AnomalySubscriptionSubscriberArgs{
			Type: pulumi.String("SNS"), Address: b.args.Alerts.TopicArn(alerthub.Warning),
		}}
		if err := b.newSubscription("immediate", "IMMEDIATE", topic); err != nil {
			return err
		}
	}
	if digest == "" {
		return nil
	}
	var readers costexplorer.AnomalySubscriptionSubscriberArray
	for _, address := range b.args.Emails {
		readers = append(readers, costexplorer.AnomalySubscriptionSubscriberArgs{Type: pulumi.String("EMAIL"), Address: pulumi.String(address)})
	}
	return b.newSubscription("digest", digest, readers)
}

// digest is how often a summary is mailed; "" for never.
func (b *builder) digest() string {
	if b.args.Anomalies.Digest == "" && b.args.Alerts == nil && len(b.args.Emails) > 0 {
		return "DAILY"
	}
	return b.args.Anomalies.Digest
}

func (b *builder) newMonitor(given Existing) error {
	if given.Existing != "" {
		b.guard.MonitorArn = pulumi.String(given.Existing).ToStringOutput()
		return nil
	}
	opts := b.late()
	if given.Adopt != "" {
		opts = append(opts, pulumi.Import(pulumi.ID(given.Adopt)), pulumi.IgnoreChanges([]string{"name", "tags", "tagsAll"}))
	}
	monitor, err := costexplorer.NewAnomalyMonitor(b.ctx, b.name+"-anomaly-monitor", &costexplorer.AnomalyMonitorArgs{
		Name:             pulumi.String(b.prefix + "-services"),
		MonitorType:      pulumi.String("DIMENSIONAL"),
		MonitorDimension: pulumi.String("SERVICE"),
		Tags:             b.tags,
	}, opts...)
	if err != nil {
		return err
	}
	b.guard.MonitorArn = monitor.Arn
	return nil
}

func (b *builder) newSubscription(suffix, frequency string, subscribers costexplorer.AnomalySubscriptionSubscriberArray) error {
	_, err := costexplorer.NewAnomalySubscription(b.ctx, b.name+"-anomalies-"+suffix, &costexplorer.AnomalySubscriptionArgs{
		Name:                pulumi.String(b.prefix + "-" + suffix),
		Frequency:           pulumi.String(frequency),
		MonitorArnLists:     pulumi.StringArray{b.guard.MonitorArn},
		Subscribers:         subscribers,
		ThresholdExpression: b.args.Anomalies.Threshold.expression(),
		Tags:                b.tags,
	}, b.late()...)
	return err
}

// Keys of a threshold.
const (
	impactAmount  = "ANOMALY_TOTAL_IMPACT_ABSOLUTE"
	impactPercent = "ANOMALY_TOTAL_IMPACT_PERCENTAGE"
)

// figures are the amount and the percentage, 0 for none.
func (t AnomalyThreshold) figures() (amount, percent float64) {
	if t.Amount == 0 && t.Percent == 0 {
		return DefaultAnomalyAmount, DefaultAnomalyPercent
	}
	return t.Amount, t.Percent
}

func (t AnomalyThreshold) expression() costexplorer.AnomalySubscriptionThresholdExpressionArgs {
	type expression = costexplorer.AnomalySubscriptionThresholdExpressionArgs
	var (
		atLeast         = pulumi.ToStringArray([]string{"GREATER_THAN_OR_EQUAL"})
		amount, percent = t.figures()
		amounts         = pulumi.ToStringArray([]string{decimal(amount)})
		percents        = pulumi.ToStringArray([]string{decimal(percent)})
	)
	switch {
	case percent == 0:
		return expression{Dimension: costexplorer.AnomalySubscriptionThresholdExpressionDimensionArgs{
			Key: pulumi.String(impactAmount), MatchOptions: atLeast, Values: amounts,
		}}
	case amount == 0:
		return expression{Dimension: costexplorer.AnomalySubscriptionThresholdExpressionDimensionArgs{
			Key: pulumi.String(impactPercent), MatchOptions: atLeast, Values: percents,
		}}
	case t.Either:
		or := func(key string, values pulumi.StringArray) costexplorer.AnomalySubscriptionThresholdExpressionOrArgs {
			return costexplorer.AnomalySubscriptionThresholdExpressionOrArgs{Dimension: costexplorer.AnomalySubscriptionThresholdExpressionOrDimensionArgs{
				Key: pulumi.String(key), MatchOptions: atLeast, Values: values,
			}}
		}
		return expression{Ors: costexplorer.AnomalySubscriptionThresholdExpressionOrArray{or(impactAmount, amounts), or(impactPercent, percents)}}
	default:
		and := func(key string, values pulumi.StringArray) costexplorer.AnomalySubscriptionThresholdExpressionAndArgs {
			return costexplorer.AnomalySubscriptionThresholdExpressionAndArgs{Dimension: costexplorer.AnomalySubscriptionThresholdExpressionAndDimensionArgs{
				Key: pulumi.String(key), MatchOptions: atLeast, Values: values,
			}}
		}
		return expression{Ands: costexplorer.AnomalySubscriptionThresholdExpressionAndArray{and(impactAmount, amounts), and(impactPercent, percents)}}
	}
}
