namespace Pipeline.Sources.Mock;

/// <summary>One record as others refer to it. Everything follows from <see cref="Cid"/>'s record, so a uri has one cid for ever.</summary>
internal readonly record struct RecordRef(Did Author, string Collection, Tid Rkey, Cid Cid) : IWireValue
{
    public void WriteTo(WireBuffer buffer) =>
        buffer.Json($$"""{"cid":"{{Cid}}","uri":"at://{{Author}}/{{Collection}}/{{Rkey}}"}""");
}
