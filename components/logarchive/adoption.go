package logarchive

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// adoption is the text of the settings that let a new stack take over what this one keeps when it is destroyed.
func (b *builder) adoption() pulumi.StringOutput {
	if b.args.Disposable {
		return pulumi.String("").ToStringOutput()
	}
	keyID := pulumi.String("").ToStringOutput()
	if b.key != nil {
		keyID = b.key.KeyId
	}
	return pulumi.All(b.archive.TrailBucket, b.archive.DeliveryBucket, b.archive.AccessLogBucket, keyID).
		ApplyT(func(values []any) string {
			var text strings.Builder
			text.WriteString("account-baseline:archive:\n  adopt:\n")
			for i, key := range []string{"trailBucket", "deliveryBucket", "accessLogBucket", "keyId"} {
				if value := values[i].(string); value != "" {
					fmt.Fprintf(&text, "    %s: %s\n", key, value)
				}
			}
			return text.String()
		}).(pulumi.StringOutput)
}
