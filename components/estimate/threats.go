package estimate

// detector prices what GuardDuty analyses in every Region, whichever plans are on
// (https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_data-sources.html).
func (m *model) detector(r Resource) {
	if enabled, given := r.Inputs["enable"].(bool); given && !enabled {
		return
	}
	m.use(r, "GuardDuty, management events", "guardduty-events", m.atHome(r, m.ManagementEvents, IdleManagementEvents))
	m.use(r, "GuardDuty, flow and DNS logs", "guardduty-flow", m.atHome(r, m.FlowLogGigabytes, 0))
}

// detectorFeature prices a protection plan that is on.
func (m *model) detectorFeature(r Resource) {
	if text(r.Inputs, "status") != "ENABLED" || r.Region != m.Home {
		return // what a plan watches is in the home Region
	}
	switch name := text(r.Inputs, "name"); name {
	case "S3_DATA_EVENTS":
		m.use(r, "GuardDuty S3 Protection", "guardduty-s3", m.S3DataEvents)
	case "EKS_AUDIT_LOGS":
		m.use(r, "GuardDuty EKS Protection", "guardduty-eks", m.EKSAuditEvents)
	case "EBS_MALWARE_PROTECTION":
		m.use(r, "GuardDuty Malware Protection for EC2", "guardduty-ebs", m.EBSGigabytesScanned)
		m.leaveOut("snapshots of EBS volumes that GuardDuty keeps while it scans them")
	case "RDS_LOGIN_EVENTS":
		m.use(r, "GuardDuty RDS Protection", "guardduty-rds", m.DatabaseVirtualCPUs)
	case "LAMBDA_NETWORK_LOGS":
		m.use(r, "GuardDuty Lambda Protection", "guardduty-lambda", m.LambdaLogGigabytes)
	case "RUNTIME_MONITORING", "EKS_RUNTIME_MONITORING":
		m.use(r, "GuardDuty Runtime Monitoring", "guardduty-runtime", m.RuntimeVirtualCPUs,
			note("flow logs of the instances that it watches are free, which is not taken off"))
	default:
		m.leaveOut("GuardDuty's plan " + name)
	}
}

func (m *model) malwareProtectionPlan(r Resource) {
	if !m.isFirst(r, nil) {
		return // the volume is that of all buckets
	}
	m.use(r, "GuardDuty Malware Protection for S3, data", "guardduty-s3-malware", m.S3GigabytesScanned)
	m.use(r, "GuardDuty Malware Protection for S3, objects", "guardduty-s3-malware-object", m.S3ObjectsScanned)
}

func (m *model) securityHub(r Resource) {
	m.use(r, "Security Hub, findings of other services", "finding-ingested", m.atHome(r, m.Findings, 0))
}

// furtherStandard is what a further standard adds to the checks of the first: a control that stands in several is checked, and
// charged, once (https://docs.aws.amazon.com/securityhub/latest/userguide/controls-findings-create-update.html). The share is
// an assumption.
const furtherStandard = 0.2

func (m *model) standard(r Resource) {
	checks := m.atHome(r, m.SecurityChecks, IdleSecurityChecks)
	if !m.isFirst(r, inRegion(r.Region)) {
		checks *= furtherStandard
	}
	m.use(r, "Security Hub checks", "security-check", checks, note("every Region has its own checks, idle or not"))
}

func (m *model) analyzer(r Resource) {
	switch text(r.Inputs, "type") {
	case "ACCOUNT_UNUSED_ACCESS", "ORGANIZATION_UNUSED_ACCESS":
		m.use(r, "unused access analysis", "unused-access", m.IAMIdentities)
	case "ACCOUNT_INTERNAL_ACCESS", "ORGANIZATION_INTERNAL_ACCESS":
		m.leaveOut("internal access analyzers, for which no source of the price was found")
	} // external access is free
}

func (m *model) inspector(r Resource) {
	if r.Region != m.Home {
		return
	}
	for _, scanned := range texts(r.Inputs, "resourceTypes") {
		switch scanned {
		case "EC2":
			m.use(r, "Inspector, instances", "inspector-instance", m.Instances)
		case "ECR":
			m.use(r, "Inspector, container images", "inspector-image", m.ContainerImages)
			m.leaveOut("Inspector's later scans of the same image")
		default:
			m.leaveOut("Inspector's scans of " + scanned + ", for which no source of the price was found")
		}
	}
}

func (m *model) macie(r Resource) {
	if r.Region != m.Home {
		return
	}
	m.use(r, "Macie, buckets", "macie-bucket", m.Buckets)
	m.use(r, "Macie, data inspected", "macie-inspected", m.MacieGigabytes)
	m.leaveOut("objects that Macie's automated discovery monitors: $0.01 for 100,000")
}
