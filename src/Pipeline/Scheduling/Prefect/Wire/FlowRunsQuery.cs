namespace Pipeline.Scheduling.Prefect.Wire;

internal sealed record FlowRunsQuery(DeploymentsFilter Deployments, FlowRunsFilter FlowRuns, int Limit);
