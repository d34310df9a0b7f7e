namespace Pipeline.Scheduling.Prefect.Wire;

internal sealed record StateFilter(AnyOf<string>? Type = null, AnyOf<string>? Name = null);
