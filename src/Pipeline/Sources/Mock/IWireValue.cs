namespace Pipeline.Sources.Mock;

/// <summary>A value that writes its own UTF-8.</summary>
internal interface IWireValue
{
    void WriteTo(WireBuffer buffer);
}
