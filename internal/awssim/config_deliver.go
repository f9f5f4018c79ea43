package awssim

import (
	"errors"
	"fmt"
)

// ConfigDeliver lets AWS Config deliver once in a Region: a configuration snapshot, a
// history file, and the notification when the channel names a topic. Each goes through
// the policies that stand at this moment. The error joins what was refused; the rest is
// delivered all the same.
// https://docs.aws.amazon.com/config/latest/developerguide/deliver-snapshot-cli.html
func (a *Account) ConfigDeliver(region string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	r, ch := a.Config.Recorders[region], a.Config.Channels[region]
	switch {
	case r == nil:
		return refuse("NoAvailableConfigurationRecorderException", "There is no configuration recorder in "+region, configAPI+"DeliverConfigSnapshot.html")
	case !r.Recording:
		return refuse("NoRunningConfigurationRecorderException", fmt.Sprintf("Configuration recorder %s in %s is not running", r.Name, region), configAPI+"DeliverConfigSnapshot.html")
	case ch == nil:
		return refuse("NoSuchDeliveryChannelException", "There is no delivery channel in "+region, configAPI+"DeliverConfigSnapshot.html")
	}
	now := a.now().UTC()
	day, second := region+now.Format("/2006/1/2/"), now.Format("20060102T150405Z")
	// The dates of the folders are not padded.
	history := fmt.Sprintf("%sConfigHistory/%s_Config_%s_ConfigHistory_AWS::S3::Bucket_%s_%s_1.json.gz", day, a.ID, region, second, second)
	snapshot := fmt.Sprintf("%sConfigSnapshot/%s_Config_%s_ConfigSnapshot_%s_%s.json.gz", day, a.ID, region, second, a.uuid())
	errs := []error{a.configPut(r, ch.Properties, history), a.configPut(r, ch.Properties, snapshot)}
	if topic := str(ch.Properties, "snsTopicArn"); topic != "" {
		actor, ctx := a.configActor(r)
		errs = append(errs, a.mayPublish(actor, ctx, topic))
	}
	return errors.Join(errors.Join(errs...), a.save())
}
