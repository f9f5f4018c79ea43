// Package alerthub tells people what matters: one encrypted SNS topic per severity in the home Region, e-mail, Slack
// and a webhook behind each, and EventBridge rules that carry the events of every covered Region there.
//
// [NewAlertHub] makes the topics and their recipients. [AlertHub.AddRoute] sends the events that match a pattern to
// the recipients of a severity, each in the form it can show. [AlertHub.TopicArn] is for publishers of their own,
// such as CloudWatch alarms and budgets. The watch and the dead-letter alarms tell when the path itself is broken, and
// every hub has routes for the test event of package testalert.
package alerthub
