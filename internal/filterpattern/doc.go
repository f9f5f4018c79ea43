// Package filterpattern matches JSON log events with CloudWatch Logs filter patterns, as metric filters do.
//
// [Parse] refuses what PutMetricFilter refuses, [Pattern.Matches] decides an event. Patterns for plain text and for
// space-delimited events are not read: Parse answers them with [ErrUnsupported]. Where the documentation is silent the
// lenient reading is taken, and the place says so.
//
// A comparison holds only for a property that exists and is a value: neither = nor != matches an event that lacks the
// property, so $.additionalEventData.MFAUsed != "Yes" does not find an event without additionalEventData. AWS says so for
// arrays and objects; for missing properties it was observed (https://github.com/DataBiosphere/azul/issues/5884).
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
package filterpattern
