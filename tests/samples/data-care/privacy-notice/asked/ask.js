console.log('Twin collects anonymous usage data. Say no with: twin usage off')
