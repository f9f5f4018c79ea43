package awssim

import (
	"fmt"
	"strings"
)

// arnParts are the parts of an ARN; Resource is everything after the account.
type arnParts struct {
	Partition, Service, Region, Account, Resource string
}

// splitARN takes an ARN apart; false when the text is none.
func splitARN(text string) (arnParts, bool) {
	p := strings.SplitN(text, ":", 6)
	if len(p) != 6 || p[0] != "arn" || p[1] == "" || p[2] == "" || p[5] == "" {
		return arnParts{}, false
	}
	return arnParts{p[1], p[2], p[3], p[4], p[5]}, true
}

// ownARN takes apart the ARN of something in this account and partition.
func (a *Account) ownARN(text string) (arnParts, bool) {
	parts, ok := splitARN(text)
	return parts, ok && parts.Partition == a.Partition && parts.Account == a.ID
}

// physicalName is the name of a resource, made from the prefix when the program
// gives only that.
func (c *call) physicalName(in props) string {
	if name := str(in, "name"); name != "" {
		return name
	}
	return str(in, "namePrefix") + c.hexID(26)
}

// partitionLacks refuses a service that a partition does not have.
func (c *call) partitionLacks(feature, doc string, partitions ...string) error {
	for _, p := range partitions {
		if c.Partition == p {
			return refuse("UnknownOperationException", fmt.Sprintf("%s is not available in partition %s", feature, p), doc)
		}
	}
	return nil
}
