$ErrorActionPreference = 'SilentlyContinue';
[Console]::OutputEncoding = New-Object Text.UTF8Encoding $false;
function Link($id) {
  $keys = 'DEVPKEY_PciDevice_CurrentLinkSpeed', 'DEVPKEY_PciDevice_MaxLinkSpeed', 'DEVPKEY_PciDevice_CurrentLinkWidth', 'DEVPKEY_PciDevice_MaxLinkWidth';
  @($keys | ForEach-Object { (Get-PnpDeviceProperty -InstanceId $id -KeyName $_).Data });
};
$adapters = @(Get-CimInstance Win32_VideoController | ForEach-Object {
  $enum = Get-ItemProperty ('HKLM:\SYSTEM\CurrentControlSet\Enum\' + $_.PNPDeviceID);
  @{ name = $_.Name; id = $_.PNPDeviceID; ram = $_.AdapterRAM; fault = $_.ConfigManagerErrorCode; place = $enum.LocationInformation };
});
$class = 'HKLM:\SYSTEM\CurrentControlSet\Control\Class\{4d36e968-e325-11ce-bfc1-08002be10318}\0*';
$drivers = @(Get-ItemProperty $class | ForEach-Object { @{ id = $_.MatchingDeviceId; bytes = $_.'HardwareInformation.qwMemorySize' } });
$described = @(Get-ItemProperty 'HKLM:\SOFTWARE\Microsoft\DirectX\{*}' | ForEach-Object {
  @{ vendor = $_.VendorId; device = $_.DeviceId; luid = $_.AdapterLuid; own = $_.DedicatedVideoMemory; shared = $_.SharedSystemMemory };
});
$modules = @(Get-CimInstance Win32_PhysicalMemory | ForEach-Object {
  @{ kind = $_.SMBIOSMemoryType; speed = $_.Speed; set = $_.ConfiguredClockSpeed; width = $_.DataWidth; slot = $_.DeviceLocator; bank = $_.BankLocator };
});
$housing = @((Get-CimInstance Win32_SystemEnclosure).ChassisTypes);
$said = @{ adapters = $adapters; drivers = $drivers; described = $described; modules = $modules; housing = $housing };
ConvertTo-Json -Compress -Depth 4 -InputObject $said;
foreach ($it in $adapters) { $it.link = @(Link $it.id) };
do {
  $held = @(Get-CimInstance Win32_PerfRawData_GPUPerformanceCounters_GPUAdapterMemory | ForEach-Object {
    @{ name = $_.Name; own = $_.DedicatedUsage; shared = $_.SharedUsage };
  });
  $programs = @(Get-CimInstance Win32_PerfRawData_GPUPerformanceCounters_GPUProcessMemory | Where-Object { $_.DedicatedUsage -gt 0 } | ForEach-Object {
    $number = ($_.Name -split '_')[1];
    @{ name = $_.Name; own = $_.DedicatedUsage; program = (Get-Process -Id $number).ProcessName };
  });
  $said.held = $held;
  $said.programs = $programs;
  ConvertTo-Json -Compress -Depth 4 -InputObject $said;
} while ($null -ne [Console]::In.ReadLine());
