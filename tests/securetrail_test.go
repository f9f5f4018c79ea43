package tests

const (
	logGroupType = "aws:cloudwatch/logGroup:LogGroup"
)
